"""German at the level of direct statements; letters folded, so without accents."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, Whose, rule

_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN = Strength.PLAIN
_SUICIDAL, _HARM, _ABUSE = Category.SUICIDAL_IDEATION, Category.SELF_HARM, Category.ABUSE

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
