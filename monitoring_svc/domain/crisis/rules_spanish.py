"""Spanish at the level of direct statements; letters folded, so without accents."""

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
