"""French at the level of direct statements; letters folded, so without accents."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, Whose, rule

_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN = Strength.PLAIN
_SUICIDAL, _HARM, _ABUSE = Category.SUICIDAL_IDEATION, Category.SELF_HARM, Category.ABUSE

FRENCH = (
    *rule(
        "veut mourir",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        veux|voudrais|envie|aimerais|prefere|prefererais|besoin|merite|pense|penser|souhaite|devrais|pensais|songe|rever|reve|pensees _ a|de|que|d'? _ mourir|crever|tuer|suicider|suicide|mort|morte
        envie|pense|veux|voudrais|vais|pourrais|essaye|tente|tenter __ me tuer|suicider|pendre|foutre|jeter|flinguer|buter|supprimer|noyer
        en finir|finit avec|$|ce|maintenant|bientot|une|avec
        envie|veux|vais|voudrais|pense __ en finir
        mettre fin a _ mes|jours|vie
        etre|serais|etais mort|morte
        idees|pensees suicidaires|noires
        je suis suicidaire
        m oter la vie
        preferais|prefere|prefererais etre _ mort|morte
        """,
    ),
    *rule(
        "ne veut plus vivre",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        veux|peux|envie|voudrais|supporte _ plus|pas|jamais _ de|d? _ vivre|exister|reveiller|continuer|la|etre|vie
        plus|pas envie|raison|force|gout de|d|a _ vivre|continuer|exister|etre|la|rien __ la|vie|$|vivre|reveiller
        plus envie de vivre|rien|etre
        ne|veux plus vivre|exister
        marre|fatigue|fatiguee|assez|lasse de _ vivre|vie|exister|la
        la|ma vie n|ne|na|vaut __ sens|rien|peine|plus|vaut
        plus aucune|de|aucun raison|sens|espoir __ vivre|rester|continuer|$
        j en peux plus
        n en peux plus
        plus la force
        """,
    ),
    *rule(
        "mieux sans moi",
        _SUICIDAL,
        _MODERATE,
        _PLAIN,
        """
        mieux|heureux|heureuse|bien|tranquilles sans moi
        n|plus|pas ai plus|envie envie d etre|etre la
        plus envie d|de|etre? etre? la
        envie|veux|voudrais|aimerais _ de|pouvoir? disparaitre|dormir|m'endormir _ toujours|jamais
        envie|veux|voudrais|aimerais _ de|pouvoir? disparaitre
        je suis un fardeau|poids
        manquerais|manquerai a personne
        personne ne? remarquerait|regretterait|pleurerait
        aurais|voudrais|jamais __ jamais|pas|du __ naitre|nee|ne|exister
        ne plus|pas me reveiller
        ne|plus jamais? me? reveiller
        """,
    ),
    *rule(
        "ce soir",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        vais|veux _ me suicider|tuer|pendre|jeter|flinguer|supprimer|buter|noyer __ ce|soir|demain|maintenant|nuit|cette|$|pont
        me tue|suicide|jette|pends|saute _ ce|demain|maintenant|soir
        ce soir|demain|maintenant ___ tue|tuer|suicide|suicider|finis|finir|mourir|meurs|pends|jette|saute|mort|morte
        je vais _ sauter|mourir|en|passer|le __ pont|soir|finir|train|faire|acte|demain
        avale|pris|ai|avaler _ toute|tous|toutes|tout|boite|plaquette|trop _ la|les|mes|boite|cachets|medicaments|comprimes|pilules|de
        lettre|lettres|mot _ d? adieu|adieux
        ecrit|ecris|laisse _ lettre|lettres|mot _ adieu|famille|parents|mere|tous|dadieu
        adieu|adieux _ tout|tous|monde|toujours|mes|a|$
        demain|bientot __ ne? serai plus|morte|mort
        je _ saute du|d|dans|sous
        serai plus la
        ne serai plus
        derniere|dernier fois|message|nuit|soir|jour __ parle|ecris|vie|parlez|vivant|entendrez|entendez|moi|message|adieu
        sur le|un pont|toit|rebord ___ sauter|saute|vais|jeter
        prends|prenez|occupez|occupe soin? __ chat|chien|soeur|frere|mere|quand|apres
        quand je ne? serai plus|parti|partie|mort|morte
        j|ai|pistolet|corde|arme|cachets|lames ___ prete|pret|prepare|preparee|preparees|main|soir|devant
        """,
    ),
    *rule(
        "se fait du mal",
        _HARM,
        _HIGH,
        _PLAIN,
        """
        me coupe|taillade|scarifie|brule|mutile|frappe|griffe|scarifier|couper|mutiler|bruler|taillader _ les|le|bras|cuisses|poignets|jambes|encore|nouveau|tous|$|quand|soir|pour|avec|la|une|parce|chaque|jusqu|en|et
        coupe|ouvert|ouvrir|taille|tailler|couper les veines|poignets
        me suis _ coupe|coupee|scarifie|scarifiee|brulee|mutile|mutilee|taillade|tailladee|coupe|brule __ encore|nouveau|hier|bras|soir|cuisses|volontairement|expres|$|poignets|soir|cette|matin|lame|rasoir
        envie|veux|besoin _ de|d? me _ couper|scarifier|faire|mutiler|bruler|blesser
        me faire|fais|fait du mal
        m'automutile
        automutile|automutilation|automutiler
        """,
    ),
    *rule(
        "on lui fait du mal",
        _ABUSE,
        _HIGH,
        _PLAIN,
        """
        me frappe|tape|bat|viole|touche|menace|force|enferme|etrangle|cogne|gifle|insulte|seq|maltraite|brutalise|frappent|tapent|battent|touchent|poursuit __ tous|quand|avec|la|$|nuit|jours|a|de|et|dans|si|me|pour|encore|soir|parce|chaque|comme|il|coucher|tuer
        pere|mere|beau|copain|mari|oncle|conjoint|compagnon|frere|petit|ami|papa|dad|maman|mom|cousin|entraineur|prof|belle __ me|a|ma _ frappe|tape|bat|viole|touche|menace|force|enferme|etrangle|violee|frappee|etranglee|frappe|tabasse|agresse|agressee
        me a viole|violee|frappe|frappee|etrangle|etranglee|agressee|battue|touchee|agresse
        ma|m viole|violee|frappe|frappee|etrangle|etranglee|agressee|battue|menacee
        j ai|suis peur de|que __ mari|copain|pere|beau|maison|rentrer|tue|frappe|mere|lui
        peur de rentrer|mon|lui|ma
        ne|me laisse|laissent pas sortir|partir|voir|manger|parler
        il|elle me|m __ enferme|empeche|sequestre
        abuse|abuser|abusait|abusee de moi|par
        """,
    ),
    *rule(
        "urgence",
        Category.SUBSTANCE_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        pris|bu|avale|prends|prise trop|beaucoup _ de|d? _ medicaments|cachets|drogue|alcool|pilules|comprimes|somniferes|coke|$
        overdose|surdose
        ne|se|pas reveille pas|plus
        ne respire plus|pas
        n'arrive|arrive|peux pas|plus _ a? la|le|reveiller __ reveiller
        """,
    ),
    *rule(
        "ne mange plus",
        Category.EATING_DISORDER_EMERGENCY,
        _HIGH,
        _PLAIN,
        """
        mange|mange|manger|rien|mangee|avale plus|pas|rien|mange _ depuis|de __ NUMBER|jours|semaine|lundi|trois|cinq
        depuis|jours __ jours|NUMBER|sans __ mange|manger|rien|evanoui|evanouie
        me fais vomir
        vomis|vomir|vomi du? sang|apres|tout
        evanoui|evanouie|evanouis __ mange|manger|jours|plus
        """,
    ),
    *rule(
        "ne respire plus",
        Category.MEDICAL_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        n'arrive|arrive|peux|arrives plus|pas _ a|bien? respirer
        respire plus|mal
        mal|douleur _ a|dans|la? _ poitrine|thorax|coeur
        crise|attaque de panique|angoisse|cardiaque
        crise cardiaque
        """,
    ),
    *rule(
        "proche en danger",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        ami|amie|copain|copine|frere|soeur|pere|mere|il|elle|fils|fille|cousin|cousine|pote|meilleure|meilleur __ veut|va|dit|parle|menace|essaye|tente|voulait|vient ___ suicider|tuer|mourir|jeter|pendre|sauter|finir
        """,
        whose=Whose.OTHER,
    ),
)
