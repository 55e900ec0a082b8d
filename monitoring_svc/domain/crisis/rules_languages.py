"""Spanish, French, German and Portuguese at the level of direct statements; letters folded, so without accents."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, Whose, rule

_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN = Strength.PLAIN
_SUICIDAL, _HARM, _ABUSE = Category.SUICIDAL_IDEATION, Category.SELF_HARM, Category.ABUSE

SPANISH = (
    *rule(
        "quiere morir",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        quiero|quisiera|ganas|deseo|desearia|prefiero|preferiria|deberia|necesito|merezco|gustaria _ morir|morirme|matarme|suicidarme|estar muerto|muerta
        quiero|quisiera|ganas|deseo|desearia|prefiero|preferiria|deberia|necesito|merezco|gustaria|pensando|pienso|pensado|pienso|pensamientos _ morir|morirme|matarme|suicidarme|suicidio|suicidas|muerte
        voy|podria|intente|intentado|trate|intento|quiero|plan|planeo|planeado|pienso _ a|de|en|para? matarme|suicidarme|ahorcarme|colgarme|dispararme|ahogarme
        quitarme|quitar|acabar|terminar|ponerle|poner _ la|con|mi|fin|todo vida|todo
        quitarme la vida
        acabar con todo|mi|esto
        estar muerto|muerta
        ojala _ muerto|muriera|muriese|muerta|despierte|despertar
        """,
    ),
    *rule(
        "no quiere vivir",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        no quiero|deseo|puedo _ vivir|existir|despertar|despertarme|viviendo
        no quiero _ seguir|continuar viviendo|vivo|viva|aqui|asi|adelante|$|mas
        no quiero _ estar aqui|vivo|viva mas|$
        no tengo _ ganas|razones|motivos|razon|motivo|sentido de|para|por _ vivir|seguir|viviendo
        mi vida no tiene|vale
        la vida no tiene|vale sentido|pena|nada
        no vale la pena vivir|seguir
        no aguanto|soporto|puedo mas
        cansado|cansada|harto|harta de _ vivir|existir|vida|todo
        """,
    ),
    *rule(
        "mejor sin mi",
        _SUICIDAL,
        _MODERATE,
        _PLAIN,
        """
        mejor|felices|mejores sin mi
        dormirme|dormir __ no despertar
        quisiera|quiero|ojala|gustaria _ desaparecer|desapareciera|dormir|dormirme _ siempre|despertar|$
        nadie me|notaria|va _ extranaria|extranara|echaria|extranar|falta
        soy una carga
        no quiero|querer _ existir
        ojala no|nunca hubiera|haber|hubiese nacido
        no|nunca debi|deberia _ nacer|haber
        """,
    ),
    *rule(
        "esta noche",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        esta noche|hoy|manana|ahora ___ matar|matarme|suicidarme|suicidar|morir|muero|acabo
        me voy|vamos a _ matar|suicidar|ahorcar|colgar|tirar|lanzar|disparar|morir
        voy a _ matarme|suicidarme|ahorcarme|tirarme|lanzarme|dispararme|morir|saltar|hacerlo
        me mato|suicido|ahorco|tiro _ esta|hoy|manana|ahora|noche|puente
        tengo _ pastillas|cuerda|pistola|soga|cuchillo|navaja ___ carta|listo|listas|adios|mano|lista|escribi|preparada|preparadas|aqui
        escribi|escrito|escribiendo|deje|dejo|dejado _ carta|nota|cartas|notas
        tome|trague|tomado|tragado|tomo|tomare _ todas|todo|muchas|demasiadas|frasco|caja|bote _ pastillas|frasco|caja|pildoras|medicamentos|bote
        me despido de|todos
        adios a? todos|mundo|siempre
        ya no estare|voy
        no estare _ aqui|manana
        manana _ no estare|voy
        ultima|ultimo vez|mensaje|noche|dia __ vez|hablo|leen|escribo|mensaje|mio|vida|vivo|viva|conmigo|adios
        en el puente|techo|borde|tejado ___ saltar|tirarme|salto|voy
        voy a saltar|tirarme
        cuando ya? no este
        cuiden|cuida|cuidad|cuiden ___ cuando|no|gato|perro|hermana|mama|hermano
        """,
    ),
    *rule(
        "se hace dano",
        _HARM,
        _HIGH,
        _PLAIN,
        """
        me corto|corte|cortado|quemo|queme|autolesiono|autolesione|lastimo|lastime|golpeo|rasguno|hago __ brazo|brazos|otra|vez|piernas|muneca|munecas|dano|noche|noches|sola|solo|siempre|$|cuando|para|misma|mismo|todos|todas|otra|muslos|a
        corte|cortado|cortarme|abierto|corto|cortar las|los _ venas|munecas|brazos
        me he|estoy|vuelto|volvi _ cortado|cortando|cortar|autolesionado|lastimado|quemado|lastimando
        ganas|quiero|necesito|pienso|urgencia _ de|en? _ cortarme|lastimarme|autolesionarme|quemarme|danarme|golpearme
        hacerme|haciendome dano
        cortarme|cortandome _ $|otra|brazos|las|los|de|munecas|nuevo|todas|cada
        """,
    ),
    *rule(
        "le hacen dano",
        _ABUSE,
        _HIGH,
        _PLAIN,
        """
        me pega|pegan|golpea|golpean|golpeo|pego|maltrata|viola|violo|abusa|toca|tocan|amenaza|amenazo|encierra|encerro|encierran|ahorca|ahorco|estrangula|tocaba|patea|viole|violaron|obliga|manosea __ todos|cuando|por|noche|noches|padre|padrastro|novio|marido|y|con|dias|mi|matar|si|$|mucho|fuerte|otra|siempre|a|en|anoche|cada|para
        padre|papa|dad|mom|mama|madre|padrastro|novio|marido|esposo|tio|pareja|novia|hermano|abuelo|entrenador|profesor _ me _ pega|golpea|viola|toca|abusa|maltrata|amenaza|encierra|violo|golpeo|pego|patea|obliga
        abusa|abuso|abusan de|sexualmente mi
        no me deja|dejan|permite salir|ir|hablar|comer|ver
        tengo miedo de|a|que __ novio|padre|marido|esposo|casa|padrastro|mate|golpee|papa|el|pegue|tio|pareja|dad
        tengo|tenia miedo _ volver|ir a casa
        """,
    ),
    *rule(
        "emergencia",
        Category.SUBSTANCE_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        tome|trague|tomado|he|tomo|bebi _ demasiadas|demasiados|muchas|demasiado|sobredosis|demasiada _ pastillas|pildoras|medicamentos|drogas|alcohol|$|medicinas|y
        sobredosis
        no se|puedo despierta|despertar|responde|despertarlo|despertarla|respira
        amigo|amiga|hermano|hermana|novio|novia|el|ella no respira|despierta|responde|reacciona
        """,
    ),
    *rule(
        "no come",
        Category.EATING_DISORDER_EMERGENCY,
        _HIGH,
        _PLAIN,
        """
        NUMBER|varios|tres|cuatro|cinco|seis|una dias|semana sin comer
        sin comer _ NUMBER|dias|nada|desde __ desmaye|desmayo|mareo|dias|lunes|semana
        dias|semana|lunes _ que no como|comia
        no como|comido _ hace|desde|en|nada __ dias|semana|lunes
        vomito|vomitar|vomitando _ despues|todo|sangre|cada|lo
        me desmaye __ comer|comido
        """,
    ),
    *rule(
        "no respira",
        Category.MEDICAL_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        no puedo respirar
        dolor|duele _ el|en? _ pecho
        ataque|infarto de? panico|corazon|cardiaco|ansiedad
        ataque de panico|ansiedad
        """,
    ),
    *rule(
        "amigo en peligro",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        amigo|amiga|hermano|hermana|novio|novia|prima|primo|madre|padre|el|ella|hija|hijo|mom|dad|mama|papa __ quiere|va|dice|dijo|intenta|intento|quiso|trata|piensa|amenaza|intentando ___ matar|matarse|suicidarse|suicidar|morir|morirse|cortarse
        """,
        whose=Whose.OTHER,
    ),
)

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

GERMAN = (
    *rule(
        "will sterben",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        will|mochte|moechte|wollte|wunschte|wuenschte|konnte|muss|lieber|wurde|wuerde|hoffe|verdiene __ sterben|tot|tod|sterbe
        mich|mir __ umbringen|toten|umzubringen|erhangen|aufhangen|vergiften|ertranken|erschiessen
        denke|gedanken|nachdenken|gedacht|denk __ selbstmord|suizid|tod|sterben|umzubringen|springen|umbringen
        selbstmord|suizid begehen|gedanken|machen
        suizidal|selbstmordgedanken|suizidgedanken|lebensmude|lebensmuede
        mir|meinem __ das|ein leben|ende nehmen|ende|setzen
        meinem|meinen leben ein ende
        ware|waere|war _ tot
        schluss machen mit|$ dem|allem|leben
        allem|alles ein ende
        """,
    ),
    *rule(
        "will nicht mehr leben",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        will|mag|kann|mochte|moechte __ nicht|nie mehr|langer|laenger _ leben|da|sein|aufwachen|existieren|weiterleben|hier|weiter
        nicht mehr leben|aufwachen|existieren|weiterleben
        keine|keinen|kein lust|grund|sinn|kraft|bock|willen|lebenswillen mehr|zu|am|auf|im|zum _ leben|da|weiter|weiterzumachen|weiterzuleben|auf|$|sein
        keinen sinn mehr
        leben __ keinen|sinnlos|wert sinn|wert|$|mehr
        lebens|leben __ satt|leid|mude|muede|uberdrussig
        hasse mein|das leben
        """,
    ),
    *rule(
        "ohne mich besser",
        _SUICIDAL,
        _MODERATE,
        _PLAIN,
        """
        ohne mich __ besser|glucklicher|gluecklicher|leichter
        besser|glucklicher|gluecklicher|leichter __ ohne mich
        will|mochte|moechte|wunschte|wurde __ verschwinden|weg|einschlafen
        keinen grund mehr
        nie|nicht geboren
        niemand|keiner wurde|wird|wuerde _ vermissen|merken|mich
        bin|allen eine|nur|zur? last
        nie|nicht wieder|mehr aufwachen
        """,
    ),
    *rule(
        "heute nacht",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        bringe|bring|hange|haenge|erschiesse|tote|hang mich|mir __ um|auf|heute|nacht|morgen|das
        heute|morgen|nacht|jetzt ___ umbringen|um|sterben|springen|ende|toten|schluss|erhangen|sterbe
        bringe mich um
        mache|mach _ schluss $|heute|jetzt|mit
        stehe|sitze|bin __ auf|am|an __ brucke|bruecke|dach|gleisen|abgrund|klippe|geleisen|hochhaus|bahngleisen|kante __ springen|springe|jetzt|und|$|hinunter|runter
        will|werde|gleich|jetzt __ springen
        springe jetzt|gleich|heute|runter
        nehme|schlucke __ alle|ganze|viele|samtliche __ tabletten|pillen|packung|medikamente|schlaftabletten
        habe|hab|nahm|schluckte __ alle|ganze|ganzen|packung|schachtel|uberdosis|samtliche __ tabletten|pillen|packung|genommen|geschluckt|schlaftabletten
        abschiedsbrief|abschiedsbriefe|abschied
        lebt wohl
        leb wohl
        morgen|bald __ nicht|nie|tot mehr|da __ da|hier|sein|leben|$|am
        bin|werde ich? morgen __ tot|nicht
        letzte|letzter|letztes nacht|mal|tag|nachricht|abend __ von|leben|mir|schreibe|hort|ihr|lebe|$
        pass|passt|kummert|kuemmert _ auf|um __ hund|katze|schwester|mutter|bruder|wenn
        wenn ich __ weg|tot|nicht
        strick|seil|pistole|tabletten|messer|waffe|rasierklinge|pillen __ bereit|bereitgelegt|liegen|vor|hand|gekauft|gesammelt|liegt|neben
        """,
    ),
    *rule(
        "verletzt sich",
        _HARM,
        _HIGH,
        _PLAIN,
        """
        pulsadern|adern|handgelenke aufgeschnitten|auf|aufschneiden|geschnitten
        ritze|ritz|schneide|verletze|verbrenne|schlage|kratze mich|mir
        mich|mir __ geritzt|geschnitten|verletzt|selbstverletzt|ritzen|verbrannt|blutig __ wieder|gestern|heute|nacht|arm|arme|absichtlich|$|selbst|gerade
        wieder|gestern|heute|nacht|grade|gerade|selber|selbst|absichtlich __ geritzt|ritzen|selbstverletzt|verletzt|geschnitten
        will|mochte|drang|muss|brauche|moechte|wurde __ mich|mir __ ritzen|schneiden|wehtun|verletzen|weh|verbrennen
        mir|mich selbst? wehtun|weh|verletzen
        selbstverletzung|selbstverletzen
        """,
    ),
    *rule(
        "wird verletzt",
        _ABUSE,
        _HIGH,
        _PLAIN,
        """
        vater|mutter|freund|mann|stiefvater|onkel|papa|mama|er|sie|ex|bruder|partner|trainer|stiefmutter|eltern|opa|dad|mom __ schlagt|schlaegt|verprugelt|vergewaltigt|bedroht|wurgt|wuergt|gewurgt|gewuergt|geschlagen|missbraucht|begrapscht|belastigt|einsperrt|verpruegelt|prugelt|tritt|schlagen|anfasst|schlug|getreten mich|$|immer|uns|wieder|jeden|wenn|oft|und
        schlagt|schlaegt|verprugelt|vergewaltigt|bedroht|wurgt|wuergt|missbraucht|begrapscht|schlagen|verpruegelt|sperrt|fasst|beruhrt|tritt|zwingt|schlug mich|uns|meine|mir
        mich __ gewurgt|geschlagen|vergewaltigt|missbraucht|bedroht|eingesperrt|verprugelt|gewuergt|angefasst|begrapscht
        hat|wurde|werde mich|ich|von? __ vergewaltigt|missbraucht|geschlagen|gewurgt
        werde|wurde __ geschlagen|missbraucht|vergewaltigt|bedroht
        angst vor __ freund|vater|mann|stiefvater|ihm|zuhause|partner|ex|mutter|onkel|nach
        lasst|laesst mich nicht __ raus|gehen|aus|haus|weg
        traue|trau mich nicht nach
        """,
    ),
    *rule(
        "notfall",
        Category.SUBSTANCE_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        zu|so viele|viel __ tabletten|pillen|alkohol|drogen|medikamente|schlaftabletten|getrunken|genommen|geschluckt
        uberdosis|ueberdosis
        wacht|atmet|reagiert|atmen|aufwachen nicht|nimmer|kaum
        nicht wach|wecken|aufwecken
        """,
    ),
    *rule(
        "isst nicht",
        Category.EATING_DISORDER_EMERGENCY,
        _HIGH,
        _PLAIN,
        """
        seit NUMBER|tagen|tage|montag|einer|funf|drei|sechs __ nichts|nicht|nix|kaum __ gegessen|esse|essen
        nichts|nicht|nix __ gegessen __ NUMBER|tagen|umgekippt|ohnmachtig|zusammengebrochen|tage
        gegessen __ umgekippt|ohnmachtig|zusammengebrochen|ohnmacht|ohnmaechtig
        kotze|erbreche|ubergebe|uebergebe|breche __ blut|jedem|nach|essen|mich
        """,
    ),
    *rule(
        "bekommt keine luft",
        Category.MEDICAL_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        keine|kaum luft __ luft|bekomme|krieg|kriege|mehr|$
        bekomme|kriege|krieg keine|kaum luft
        kann|konnte nicht|kaum _ atmen
        brust|herz __ schmerz|schmerzen|tut|weh|sticht
        schmerzen|stechen|druck in|auf der brust
        panikattacke|herzinfarkt|schlaganfall
        """,
    ),
    *rule(
        "freundin in gefahr",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        freund|freundin|bruder|schwester|mutter|vater|er|sie|kumpel|cousin|cousine|mitbewohner|beste|bester __ will|wollte|sagt|droht|versucht|schreibt|mochte ___ umbringen|sterben|toten|springen|umbringt|leben|ritzen|umzubringen
        """,
        whose=Whose.OTHER,
    ),
)

PORTUGUESE = (
    *rule(
        "quer morrer",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        quero|queria|vontade|desejo|preferia|prefiro|mereco|preciso|penso|pensando|devia|deveria|pensei _ de|em|que? _ morrer|suicidio|morto|morta|morte
        cortei|corto|cortar|cortando os|meus _ pulsos|bracos|veias
        me matar|suicidar|enforcar|afogar
        penso|pensando|vontade|quero|pensei|tentei|tento|plano|planejo __ me _ matar|suicidar|enforcar
        penso|pensando|pensei|pensamentos _ em|de suicidio|suicidas|morrer|morte
        tirar|tirei|acabar|acabo|terminar _ a|com|minha|propria vida|tudo
        acabar com tudo|minha
        estar|estivesse morto|morta
        matar me
        """,
    ),
    *rule(
        "nao quer viver",
        _SUICIDAL,
        _HIGH,
        _PLAIN,
        """
        nao quero|aguento|consigo|posso|desejo _ mais? _ viver|existir|acordar|estar|vivendo|continuar
        nao quero _ viver|existir|acordar
        nao aguento|suporto mais
        nao tenho|vejo|ha _ mais? _ motivo|razao|motivos|razoes|sentido|vontade|forcas _ para|pra|de|em|na|por? _ viver|continuar|vida|nada
        cansado|cansada|farto|farta de _ viver|existir|vida|tudo
        minha|a vida nao _ tem|vale|faz _ sentido|pena|nada|mais
        """,
    ),
    *rule(
        "melhor sem mim",
        _SUICIDAL,
        _MODERATE,
        _PLAIN,
        """
        melhor|melhores|felizes|feliz sem mim
        quero|queria|gostaria|vontade _ de? _ sumir|desaparecer|dormir _ sempre|$|acordar|mais
        ninguem _ sentiria|sentira|notaria|vai|ia _ falta|minha|notar|sentir
        sou um peso|fardo
        nunca|nao ter|devia|tivesse _ nascido
        """,
    ),
    *rule(
        "hoje a noite",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        vou|irei|hoje|noite|amanha|agora ___ me _ matar|suicidar|enforcar|jogar
        vou _ matar|suicidar|enforcar|pular|morrer|fazer|acabar|tirar _ me|hoje|da|do|agora|amanha|ponte|noite|isso|$|com|minha
        hoje|amanha|agora ___ morrer|morro|matar|mato|suicidar|acabo|pular
        me mato hoje|amanha|agora
        tomei|engoli|tomado|bebi _ todos|todas|tudo|muitos|toda|caixa|cartela|frasco|vidro _ os|as|a|de|comprimidos|remedios|pilulas|caixa|cartela
        tenho|comprei|juntei|guardei _ os|as|a|uma|remedios|comprimidos|corda|arma|pilulas ___ prontos|pronto|pronta|carta|suficiente|suficientes|acabar|aqui|mao|morrer|corda
        escrevi|deixei|escrevendo|escrita _ carta|bilhete|cartas
        adeus|despeco|despedindo|despedir _ a|de|para|todos|mundo|sempre|gente|$
        nao estarei|vou|estou _ mais? aqui|estar|viva|vivo|amanha
        amanha __ nao _ estarei|vou|existo
        ultima|ultimo vez|mensagem|noite|dia __ falo|vida|escrevo|minha|viva|vivo|que|comigo
        na|da|no ponte|telhado|predio|beira|terraco ___ pular|pulo|vou|jogar
        cuidem|cuida|cuide __ quando|gato|cachorro|irma|mae|cao|irmao|mim
        quando eu nao|morrer|for|estiver
        """,
    ),
    *rule(
        "machuca-se",
        _HARM,
        _HIGH,
        _PLAIN,
        """
        me corto|cortei|machuco|machuquei|queimei|queimo|mutilo|mutilei|bato|arranho|cortando|cortar|machucando|feri|firo __ quando|de|novo|todo|braco|bracos|noite|$|sozinha|sozinho|pernas|ontem|pulsos|proposito|para|pra|toda|outra|hoje|e|mesma|mesmo|com|coxas
        quero|vontade|preciso|penso|queria|impulso _ de|em? me _ cortar|machucar|ferir|mutilar|queimar
        automutilo|automutilacao|automutilar|automutilando
        fazer|faco mal a mim
        """,
    ),
    *rule(
        "e machucado",
        _ABUSE,
        _HIGH,
        _PLAIN,
        """
        pai|mae|padrasto|namorado|marido|tio|ele|ela|ex|irmao|madrasta|avo|treinador|professor|pais|esposo|companheiro|dad|mom|papa __ me _ bate|bateu|espanca|estupra|estuprou|toca|tocou|ameaca|ameacou|abusa|abusou|enforca|enforcou|tranca|trancou|agride|agrediu|batem|espancou|obriga|forca|machuca|machucou|chuta|estrangulou
        me bate|espanca|estupra|estuprou|ameaca|abusa|abusou|agride|agrediu|bateu|espancou|bater|batem|estrangulou __ todo|quando|dia|dias|e|$|sempre|mim|muito|noite|matar|ele|se|de|com|toda|em|por
        fui|sou|sendo estuprada|estuprado|abusada|abusado|agredida|espancada|ameacada|violentada
        abusa|abusou|abusam de mim
        nao me deixa|deixam sair|ir|comer|falar|ver
        tenho|estou|com medo de|do|da|que __ namorado|marido|pai|casa|ele|padrasto|mate|voltar|bata|tio|ex|mae
        """,
    ),
    *rule(
        "emergencia em portugues",
        Category.SUBSTANCE_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        tomei|engoli|bebi|usei _ remedios|comprimidos|muito|muitos|demais|drogas _ demais|muito|remedios|comprimidos|a|alcool
        overdose
        nao acorda|respira|responde|reage
        nao consigo|consegui _ acordar|acorda
        """,
    ),
    *rule(
        "nao come",
        Category.EATING_DISORDER_EMERGENCY,
        _HIGH,
        _PLAIN,
        """
        NUMBER|dias|semana|tres|cinco|quatro|seis dias? _ que|sem|nao _ nao|sem? como|comer|comi|comendo
        nao como|comi|comer _ ha|faz|nada|desde|por __ dias|semana|segunda
        desmaiei|desmaio|desmaiando __ comer|como|comi|fome
        como|comer|comi __ desmaiei|desmaiar|desmaiando
        vomito|vomitar|vomitei|vomitando __ sangue|depois|tudo|proposito
        """,
    ),
    *rule(
        "nao respira",
        Category.MEDICAL_EMERGENCY,
        _IMMINENT,
        _PLAIN,
        """
        nao consigo|posso|estou _ respirar|respirando
        dor|doi|doendo|aperto _ no|o? peito
        crise|ataque de panico|ansiedade|cardiaco
        ataque cardiaco
        """,
    ),
    *rule(
        "amigo em perigo",
        _SUICIDAL,
        _IMMINENT,
        _PLAIN,
        """
        amigo|amiga|irmao|irma|namorado|namorada|primo|prima|mae|pai|ele|ela|filho|filha|colega|dad|mom __ quer|vai|disse|diz|tentou|ameaca|falou|esta|tentando ___ matar|suicidar|morrer|pular|cortando|suicidio
        """,
        whose=Whose.OTHER,
    ),
)

LANGUAGE_RULES = (*SPANISH, *FRENCH, *GERMAN, *PORTUGUESE)
