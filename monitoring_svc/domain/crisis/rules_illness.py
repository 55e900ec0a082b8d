"""Acute illness and injury; one's own or another's."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_HIGH, _IMMINENT = Severity.HIGH, Severity.IMMINENT
_PLAIN, _HINT = Strength.PLAIN, Strength.HINT

MEDICAL = rule(
    "acute illness",
    Category.MEDICAL_EMERGENCY,
    _IMMINENT,
    _PLAIN,
    """
    NOT breathe|breathing|breath __ help|chest|dying|heart|numb|pass|faint|arm|dark|throat|inhaler|please|panic|shaking|scared|hospital|ambulance|black|hands|die|attack|hurts
    help|chest|dying|heart|numb|arm|dark|throat|inhaler|panic|shaking|scared|attack|hands|allergic|asthma|swelling|wheezing|hurts __ NOT breathe|breathing|get|catch|breath
    NOT get|catch _ air|breath|enough __ chest|help|panic|inhaler|asthma|wheezing|please|throat|heart
    NOT get|getting|enough air|oxygen
    CHEST __ PAIN __ arm|jaw|breathe|numb|breathing|left|shoulder|not|sweating|tingling|dizzy|bad|stand|morning|hour|hours|help|since|spreading|elephant|shooting|faint|scared|pass|unbearable|down|worse|and|now|sick
    CHEST|pain|pressure|tightness|crushing __ CHEST|chest __ arm|jaw|breathe|numb|breathing|left|shoulder|bad|stand|sweating|tingling|dizzy|morning|hour|since|spreading|help|pass|worse
    PAIN pain? in|on my _ CHEST
    chest pain|pains
    crushing|stabbing|severe|terrible|awful|horrible __ pain|pressure|chest|headache __ chest|arm|stomach|head|jaw|not|side
    arm|jaw|face|side|leg|lips|tongue|hand|body|legs|hands __ is|are|went|go|going|gone|feels|feel|got|getting|all|started NUMB|dead|paralyzed __ chest|speak|speech|talk|slurring|slurred|breathe|heart|vision|help|headache|dizzy|left|see|not|face|stroke|pain
    NUMB __ speak|speech|slurring|breathe|chest|stroke|vision|talk
    NOT speak|talk|see|move|feel|swallow __ properly|suddenly|numb|face|stroke|throat|legs|clearly|arm
    slurring|slurred|slurs|drooping|droopy __ face|speech|words|arm|stroke|help|mom|dad|grandma|grandpa|his|her|smile|side
    am|is|are|be|think|having __ having a|an _ heart|stroke|anaphylactic|allergic|asthma|diabetic|seizure attack|stroke|shock|reaction|coma
    am|is|are|think having a|an _ heart|stroke|anaphylactic|allergic|asthma|diabetic|seizure
    having a|an heart|stroke|anaphylactic|allergic|asthma _ attack|shock|reaction
    having a stroke|seizure
    heart attack __ think|having|help|now|ambulance
    having|think|possibly|maybe|get a stroke
    heart __ beating|racing|pounding|beat|going|stop|fast|rate|slow|skipping|fluttering|weird|hurts|stopping __ pass|breathe|faint|dying|die|help|scared|out|not|dizzy|chest|stop|hour|explode|collapse|hospital|numb|shaking
    THROAT __ SWELL|close|closes|tight|swells|itchy|hives __ up|peanuts|breathe|epipen|allergic|nuts|bee|help|not|shut|ate|stung|hives|after|no|and|hospital
    THROAT|airway|face|tongue _ is|are|keeps? SWELL
    allergic reaction|shock __ throat|epipen|breathe|swelling|help|bad|hospital|having|peanut|face|having|lips
    epipen|epi __ no|not|expired|have|without|find|used
    no|out|without|expired|empty|lost __ epipen|inhaler|insulin|oxygen
    inhaler|insulin|epipen __ empty|not|no|lost|out|gone|ran|find|without|work|working|expired
    wheezing|wheeze __ not|NOT|air|inhaler|breathe|help|bad|stop
    asthma attack
    diabetic|sugar|insulin|glucose|diabetes __ confused|vomiting|throwing|dizzy|unconscious|shaking|low|seizure|pass|passing|high|faint|days|no|ran|sweating|blurry|out
    too|so|much|lots|lot|lost|losing|losing __ blood __ NOT|stop|everywhere|stopping|floor|help|dizzy|faint|lot|stops|won|soaked|lost
    BLOOD __ NOT stop|stopping|stops
    bleeding __ will|does|has? NOT __ stop|stopping
    bleeding __ out|heavily|badly|bad|lot|everywhere|a|from|so|to __ death|help|head|stop|everywhere|dizzy|hospital|ambulance|much|knife|please|lot|ear|ears|pregnant
    NOT stop|stops|stopping|get __ bleeding|blood
    collapsed|collapse|fell|fainted|unconscious|fallen|dropped __ NOT|breathing|wake|waking|responding|help|floor|conscious|response|move|moving|seizure|please|blood|answer|not|head __ up|breathing|respond|responding|wake|moving|help|waking|get|floor|please|answering|conscious|right
    PERSON|FAMILY __ collapsed|collapses|unconscious|unresponsive|choking|convulsing|seizing
    PERSON|FAMILY __ NOT breathing|breathe|waking|moving|conscious
    PERSON|FAMILY __ NOT responding|responsive|respond help|please|anymore|floor|and|after|properly|well|$
    PERSON|FAMILY __ having|has a heart|stroke|seizure|asthma|fit|allergic
    PERSON|FAMILY _ is|are|was _ having|in a|an heart|stroke|seizure|asthma|fit|allergic
    seizure|seizures|convulsing|convulsions __ NOT|help|now|stop|again|floor|minutes|what|alone|head|first
    choking|suffocating __ help|not|breathe|please|baby|now
    swallowed __ battery|magnet|coin|magnets|bleach|glass|pin|marble __ breathe|help|choking|not|she|he|what|blood
    call|need|phone|send|calling an|a|the? ambulance|paramedics|911|999|112
    vision|everything|sight|world|eyes __ going|goes|went|is|getting|turning|fading|blurry|gone dark|black|blurry|grey|white|blind __ breathe|shaking|pass|help|chest|not|heart|head|numb|stand|headache|fall
    going|everything|gonna to? _ pass|black|faint|dark out __ breathe|heart|chest|help|not|shaking|alone|blood
    pregnant|contractions|labor|labour|miscarriage|miscarrying __ bleeding|blood|alone|pain|help|cramps|NOT|hospital|water|early|heavily|passing
    hit|hurt|banged|cracked|smashed my|his|her head __ vomiting|blood|unconscious|dizzy|confused|see|throwing|remember|sick|double|not|passed|ear|sleepy
    worst headache|pain __ life|ever|vision|neck|numb|vomiting|stiff|sudden
    coughing|vomiting|throwing|spitting|peeing|pooping up|out? blood
    stung|bitten|bit by|snake|bee|spider __ swelling|breathe|throat|face|numb|help|allergic|snake|hives
    burned|burnt|burns __ third|badly|severe|boiling|acid|skin|peeling|fire __ help|hospital|skin|peeling|off|bad|what|face
    heat stroke|exhaustion|heatstroke|hypothermia
    NOT feel|move my|the|one|half _ left|right|side|arm|face|half|legs
    my words|speech __ wrong|slurred|mixed|jumbled|sense|slurring
    eyes rolled|rolling|roll __ back|up
    NOT stop shaking|twitching|jerking|convulsing|bleeding|seizing __ eyes|floor|unconscious|help|baby|fever
    NOT|hard|hardly|trouble|difficult|difficulty to? breathe|breathing|swallow|swallowing
    face|throat|tongue|lips|neck __ swelling|swollen|swells
    stung|stings me|by __ swelling|face|throat|breathe|swallow
    NOT catch my|a|any breath|breathe
    NOT catch breathe|air
    grabbed|clutching|clutched|holding|grabbing|grabs his|her|my|their|the chest|heart __ fell|collapsed|fall|floor|pain|down|breathe
    water broke __ weeks|alone|early|NUMBER|pain|help|blood
    lips|hands|fingers|face|arms __ are|is|went|going tingling|blue|tingly
    clutching|clutched|grabbed|grabbing|clutches his|her|their chest|heart
    weight|pressure|elephant|tightness|squeezing|crushing|band __ on|in|around|across my|his|her|dads|moms chest
    chest __ elephant|weight|crushing|pressure|squeezing
    left|my arm|jaw|shoulder __ heavy|numb|hurts|pain|tingling|weak|aches __ chest|heart|breath|sweating
    one|half|left|right side of? __ face|mouth|body|his|her|my|it __ hanging|drooping|numb|droops|dropped|drooped|feel|weak|fallen|paralysed
    speech|talking|talks|speaking|speaks __ slurred|gibberish|nonsense|garbled
    NOT lift|move|raise|feel __ arm|leg|side|fingers|legs __ speech|slurred|face|mouth|sudden|suddenly|since
    blood coming|pouring|running|leaking|dripping from|out __ ear|ears|nose|mouth|eyes|head
    PERSON|baby|FAMILY|he|she|grandma|grandpa ___ on the __ floor|ground|pitch|stairs __ NOT|wont|answer|respond|moving|move|breathing|jerking|shaking
    NOT answer|answering|respond|responding|moving|move|wake|waking me|to|up|anymore|and|$ __ floor|fell|collapsed|ladder|blood|unconscious
    fell|fall|fallen|fainted off|from|down|and __ NOT moving|move|responding|waking|respond|talk|breathing
    baby|kid|son|daughter|toddler|child|he|she is|has|gone|went|going __ floppy|limp|blue|stiff|lifeless|choking|convulsing
    jerking|convulsing|shaking|seizing|twitching on|and __ floor|ground|eyes|foam|foaming|stop
    eyes rolled|rolling __ back|head|up
    had|having|has|another|a fit|seizure|stroke|convulsion __ NOT|now|responding|unconscious|floor|stop|help
    hit|banged|bumped|fell|knocked my|his|her|on? head __ vomiting|vomit|throwing|blurry|see|confused|double|sleepy|unconscious
    lost|losing|lose|so|too a? _ lot|much|of of? blood __ faint|dizzy|cold|birth|weak|stop|help
    pregnant|weeks|birth|miscarriage|baby __ bleeding|blood __ lot|soaking|heavy|heavily|through|clots|stop|faint
    soaked|soaking|soaks|gushing|spurting|fountain through? __ blood|towel|pads|pad|bleeding
    blood|bleeding|towel|bandage __ soaked|soaking|gushing|spurting|fountain|everywhere __ through|stop|NOT|help|cold|faint|dizzy|$
    THROAT|face|lips|tongue __ tight|SWELL|tightening|itchy|closing __ epipen|peanut|nuts|nut|bee|sting|allergic|swallow|breathe|getting|help
    epipen|inhaler|insulin|spray is|at|not|NOT|empty|gone|lost|work|help|does __ home|empty|breathe|breath|help|work|anymore|throat|find
    bone sticking|showing|out|through
    get|catch my? breath __ NOT|inhaler|empty|help|chest|worse
    NOT get|catch my|any|enough|a breath|air
    electric|electrocuted|shocked shock|from|by __ heart|black|hand|numb|burn|chest
    """,
)

MEDICAL_HINTS = rule(
    "sign of a medical emergency",
    Category.MEDICAL_EMERGENCY,
    _HIGH,
    _HINT,
    """
    chest
    numb|tingling|tingly
    dizzy
    heart _ racing|pounding|beating|fast|weird|wrong
    arm|jaw
    shaking|sweating|trembling
    ambulance|hospital|911|er
    what do i do
    help me|please
    please help
    going dark|black
    pass|passed|passing out
    fainted|collapsed|fainting
    bleeding|blood
    breathe|breathing
    """,
)
