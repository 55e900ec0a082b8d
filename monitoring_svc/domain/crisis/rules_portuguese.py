"""Portuguese at the level of direct statements; letters folded, so without accents."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, Whose, rule

_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN = Strength.PLAIN
_SUICIDAL, _HARM, _ABUSE = Category.SUICIDAL_IDEATION, Category.SELF_HARM, Category.ABUSE

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
