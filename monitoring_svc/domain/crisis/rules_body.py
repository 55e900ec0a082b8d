"""Emergencies of the body: substances taken, not eating and purging, panic and acute illness; one's own or another's."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN, _SOFT, _HINT = Strength.PLAIN, Strength.SOFT, Strength.HINT

SUBSTANCE = rule(
    "substance taken",
    Category.SUBSTANCE_EMERGENCY,
    _IMMINENT,
    _PLAIN,
    """
    took|take|taken|swallowed|taking|did|smoked|used|snorted|popped|injected|shot _ too|way too? much|many $|and|now|help|i|of|what|PILLS|HARDDRUG|PILLS
    took|take|taken|swallowed|did|smoked|used|snorted|popped|had _ too|way too? much|many _ PILLS|HARDDRUG
    TOOK|drank __ too|way much|many __ PILLS|DRUG|ALCOHOL|of
    too|way much|many PILLS|HARDDRUG|drugs|tablets|alcohol|vodka|edibles|caffeine
    TOOK|swallowed __ NUMBER _ PILLS|tablets|mg|grams|xans|percs|benadryl
    swallowed|downed|took like NUMBER
    swallowed|downed _ NUMBER
    TOOK|had|swallowed|mixed|drank|drinking|drunk|did|washed __ PILLS|xans|oxys|benzos|ketamine|ghb|coke|mdma|meth|heroin|opioids __ with|and|on|plus|after|down|together __ ALCOHOL|vodka|wine|xans|oxys|coke|pills|ketamine|heroin|meth|whiskey|fentanyl
    mixed|mixing|combined|mix __ PILLS|HARDDRUG|DRUG|ALCOHOL|alcohol|pills|meds __ with|and|on|plus __ ALCOHOL|PILLS|HARDDRUG|pills|meds
    TOOK|took|swallowed|downed a|the|whole|all|entire|another|half|almost|full|my|of __ bottle|box|pack|packet|handful|strip|bunch|blister __ of|PILLS|meds|sleeping|something
    TOOK|took|swallowed|downed some|bunch|handful|all|whole|random|every|of|her|his|entire|moms|grandmas|dads|many __ PILLS __ feel|help|weird|wrong|do|now|sick|dizzy|sleepy|and|accident|mistake|not|scared|heart|idk|floor|throwing
    TOOK|took double|triple|twice|extra|NUMBER|more __ dose|doses|meds|pills|insulin|medication
    overdosing
    i _ overdosed|overdosing __ help|accident|think|meds|pills|on|maybe|might|accidentally|$
    i _ overdose on
    took|taken|taking an overdose
    i think|might|may|could|accidentally __ OVERDOSE|overdosing
    PERSON|he|she __ overdosed|overdosing|overdoses
    PERSON __ took|swallowed|ate|drank|mixed|snorted|injected|shot|did|popped|taken|smoked __ something|pills|too|whole|xans|fentanyl|PILLS|bottle|DRUG|up|edible|edibles|bunch|HARDDRUG|everything __ NOT|wake|breathing|blue|responding|unconscious|floor|shaking|seizure|passed|help|what|scared|throwing|cold|heart|weird|collapsed|asleep|breathe
    NOT|not wake|waking|rouse him|her|them|PERSON
    NOT|not wake|waking|rouse my PERSON
    NOT|not wake|get my? PERSON|him|her|them _ up|wake|respond __ pills|bottle|drank|took|floor|breathing|lips|vodka|empty|please|drunk|blue|cold|weird|snoring|help
    PERSON|he|she|they is|are|was|will|wont|has NOT _ wake|waking|woken|responding|breathing|respond|breathe|moving|react|conscious|answering|reacting __ took|pills|drank|drunk|fentanyl|bottle|party|up|to|help|right|properly|anymore|well|at|after|$
    NOT breathing|responsive|conscious
    PERSON|baby|FAMILY __ NOT waking up
    lips|face|skin|fingers|nails|he|she|they|hands __ is|are|turning|turned|went|going|look|gone|getting blue|purple|grey|gray
    turning|turned|went|going blue|purple|grey
    PERSON|he|she|they|her|his __ unconscious|unresponsive|convulsing|seizing|foaming
    unconscious|unresponsive|convulsing __ help|after|floor|now|what|do|breathing|please|drank|pills
    foaming at|from
    barely|hardly|stopped|stop|struggling|shallow|slow|not breathing|breathe
    choking on|in _ vomit|puke
    passed out __ drinking|drank|vodka|drugs|pills|choking|vomit|not|drunk|bottle|high|taking|smoking|alcohol|k|breathing
    having|had|has|have|going a|into|another|multiple seizure|seizures|convulsions|fit
    swallowed|drank|drunk|drinking|ate|drink|eaten|swallow|inhaled|injected __ POISON
    POISON poisoning
    drank|drinking|had|finished|downed a|the|whole|entire|full|two|nearly|almost|an _ bottle|fifth|litre|liter|handle __ vodka|whiskey|rum|gin|of|tequila|alcohol|spirits __ NOT|responding|feel|sick|shaking|not|passed|pills|wake|she|and|legs|throwing
    snorted|injected|smoked|shot|did|took|taken|taking|done|high|used|hit|had|ate|on|ketamine|coke|meth|mdma|speed|acid __ HARDDRUG|something|too|lot|much|bad|acid|lines|stuff|edibles|pills|shrooms|weed __ heart|chest|breathe|legs|shaking|scared|seeing|move|weird|dying|racing|seizure|overheating|numb|conscious|faint|blacked|pounding|voices
    heart|chest|shaking|legs|body __ racing|pounding|hurts|breathe|numb|feel|stop|slow|move __ after|took|did|coke|adderall|pills|meth|caffeine|mdma|speed|ketamine|snorting|taking|drugs
    NOT feel|move my _ legs|body|face|hands|arms|limbs
    NOT keep|open _ my eyes
    seeing things|stuff __ heart|shaking|took|pills|drinking|help|and|scared|sweating
    shaking and seeing
    spiked my|our|her|his drink|drinks
    drugged|roofied me|us|her
    been|was|got|were drugged|roofied|spiked
    drink|drinks was|were|got|is spiked|drugged
    drinking|drank|drunk|bender __ NUMBER|SMALL|days|straight|weeks|bender __ days|shaking|seeing|vomiting|blood|sick|stop|straight|sweating
    withdrawal|withdrawals|withdrawing __ shaking|seizure|seeing|seizures|sweating|hallucinating|die|dying|bad|help|alone|heart|vomiting|hallucinations
    empty pill|pills|bottle|bottles|packets|blister|medicine|medication __ bottles|bottle|next|floor|packets|beside|here|found|by|near
    overheating|hallucinating|convulsing __ took|pills|mdma|help|floor|m|drugs|not|sense
    kid|toddler|baby|son|daughter|child|brother|sister|dog __ swallowed|drank|ate|got|chewed __ pills|battery|bleach|detergent|cleaner|medicine|meds|POISON|tablets|medication|poison|batteries
    needle still|in __ arm|him|her
    need|have|no|get|used|find narcan|naloxone
    poisoned|poisoning myself
    drank|swallowed|ate|took poison
    od on|by|tonight|accident|maybe|help
    TOOK _ my PILLS twice|double|again
    put|puts|slipped|dropped something|drugs|pills|roofie in|into my|our|her drink
    popped|took|dropped|did|had NUMBER|SMALL|several|multiple|few|many mollies|pills|tabs|beans|percs|bars|edibles|pressies|lines|shots
    POISON __ drank|swallowed it|some|them
    drank|swallowed __ POISON|cleaning
    shot|shooting|shoot|used|use up alone|again|today|tonight|myself
    almost|nearly did|do NOT come|wake back|up
    burning|overheating up __ took|pills|mollies|mdma|popped|teeth
    NOT stop grinding|sweating|puking __ teeth|jaw|took|pills
    almost|nearly died|gone __ overdose|using|pills|drugs|shot|needle
    NUMBER|SMALL|ten|several|bunch|few|couple|like shots|beers|drinks|glasses|cans|bottles|lines __ valium|xans|pills|benzos|ketamine|coke|sleeping|oxys|NOT|awake|stay|codeine|feel
    NOT|hardly|barely stay|keep|open|hold|wake|stand awake|eyes|conscious|up|my|her|his __ drunk|drank|took|pills|vodka|cold|shots|valium|drinking|high|open
    heart stopped|stop|stops|skipped|hurts|racing|pounding|crazy ___ coke|cocaine|line|lines|speed|meth|pill|pills|adderall|mdma
    no pulse|heartbeat|breath
    OVERDOSE|od on|in the|my|floor|bathroom|bed|couch|right|now
    drank|drinking|swallowed|drink __ sanitizer|cologne|mouthwash|perfume|nailpolish|remover|chemicals|disinfectant|paint|thinner|fluid|glycol
    injected|injecting|shot|shooting|slammed __ arm|leg|vein|hand|swelling|black|red|swollen|missed|infected
    oxy|oxycodone|codeine|tramadol|vicodin|percocet|morphine|opioid|valium|xans|klonopin with|and|plus|on _ beer|wine|vodka|alcohol|whiskey|booze|drinks|gin|rum
    breathing|breath feels|is|gets|getting|so|really slow|shallow|weird|heavy|hard|difficult
    slumped|slumping|nodding|nodded over|off|out
    so|too|very drunk __ NOT open|stand|wake|eyes|walk|speak|talk|move
    drank|drunk|drinking|drink too much|many __ wake|breathe|help|numb|unconscious|blood|pills|responding|cold|passed|vomiting
    """,
)

SUBSTANCE_RISK = rule(
    "use that endangers life",
    Category.SUBSTANCE_EMERGENCY,
    _HIGH,
    _PLAIN,
    """
    relapse|relapsed|relapsing|using|shooting|back _ on|heroin|meth|fentanyl|coke|crack|oxys|pills|opioids|dope|benzos|xans|drinking __ heroin|meth|fentanyl|coke|crack|oxys|pills|opioids|dope|benzos|xans|alone|again
    relapsed on
    nearly|almost|close __ OVERDOSE|od|overdose|overdosed
    NOT stop|quit drinking|using|taking|smoking|snorting|shooting|drugs|pills|popping
    stopped|stop|quit|off|ran|run|out __ benzos|xans|benzo|valium|alcohol|drinking|opioids|methadone|klonopin __ turkey|seizure|shaking|seizures|seeing|sweating|shakes|hallucinating|sick|withdrawal
    cold turkey __ shaking|seizure|seizures|benzos|sick|hallucinating
    blacking|blacked|blackout|black out|drunk|every|again|blackouts __ drinking|drink|night|drunk|wake|alcohol|hurt|every|day|woke|vodka|blood
    taking|take|took|need more __ pills|oxys|percs|meds|xans|benzos|painkillers|fentanyl|codeine|sleeping|adderall __ should|prescribed|supposed|every|than|feel|cope|numb|sleep|get
    woke|wake|waking|found up|myself|on __ floor|hospital|ground|blood|street|bathroom|vomit __ blood|remember|know|drinking|drunk|happened|idea|bottle|pills|needle
    use|using|used|shoot|shooting alone|needle|needles __ heroin|fentanyl|again|now|every|$
    drink|drinking|drunk|high|using every|all|alone|before __ day|morning|night|school|work|wake __ stop|shaking|shake|blood|not|blackout|hide|hurts|liver|die|dying|kill
    NOT go|last|get|function __ hour|day|morning|through without _ drinking|drink|pills|using|alcohol|vodka|hit|high|xans
    when|if i stop|quit|try __ shake|shaking|see|seizure|sweat|sick|seizures
    shake|shakes and|or see|sweat|vomit
    shot|shooting|shoot up $|alone|again|today|in|tonight|and|now
    """,
)

EATING = rule(
    "not eating or purging with the body failing",
    Category.EATING_DISORDER_EMERGENCY,
    _HIGH,
    _PLAIN,
    """
    NOT __ eaten|eat|ate|eating|food|fed __ in|for|since|NUMBER|SMALL|days|week __ FAINT|passed|black|dizzy|blacked|collapsed|heart|stand|walk|shaking|chest
    FAINT|passed|blacked|collapse|passing|black|dizzy|shaking __ NOT|stopped|no|without|from _ eat|eating|eaten|food|starving|ate
    eat|eating|eaten|food|ate __ FAINT|passed|fainted|fainting|collapsed|blacking
    NOT|nothing|no|only|without|zero __ eaten|eat|food|ate|eating|water|solid|calories|anything|fed __ NUMBER|SMALL|a|over|almost|like|nearly|couple|whole days|day|week|weeks
    NOT|nothing|no|only __ eaten|food|ate|eating|water|solid|anything|eat __ since DAYS|last|thursday
    NUMBER|SMALL|week|few|almost days|day|week|weeks|th|in __ no|without|NOT|since|of _ food|eating|eat|eaten|meal|meals|anything|fasting|calories|solid|starving|starvation
    day NUMBER|SMALL of|without|with|no|not|fasting|starving _ NOT? eating|food|fasting|eat|starving|no
    fast|fasting|fasted|starving|starve|water|starved for? _ NUMBER|SMALL|day|days|week __ FAINT|collapsed|passed|weigh|fat|thin|telling|dizzy|black|lose|weight|skinny|anyone|blacked|goal|stand
    NUMBER|SMALL|week|few days|day|week|weeks __ FAINT|passed|collapsed|blacked __ eat|eating|food|starving|eaten|hungry
    FAINT|fainted|collapsed|passed|blacked __ NUMBER|SMALL|days|week __ eat|food|eating|eaten|fasting
    PURGE|throwing|threw|throw|vomiting|coughing|puking|vomited|sick|laxatives up? _ blood|bloody
    blood in|when|with|my|from __ vomit|puke|throw|purge|purging|sick|it|toilet|throwing|vomiting __ meal|again|purge|purging|eat|sick|every|makes|and|now|throw|i
    PURGE|sick|throw|laxatives|starve|binge __ blood|bleeding|bleed|heart|faint|fainted|passed|chest|skips|dizzy|palpitations|black|teeth|throat|collapsed
    throat|esophagus __ bleeding|bleed|raw|blood|burning|torn __ throw|purge|purging|sick|vomiting|throwing|puking|finger|fingers
    LAXATIVES __ NUMBER|dizzy|walk|faint|fainted|blood|weak|every|lose|weight|today|whole|box|day|many|stand|take
    NUMBER|box|many|whole|pack|dozen|more|lots|handful|using|took|abuse|abusing|taking|take|popping|addicted __ LAXATIVES
    weigh|weight|down|bmi|am __ NUMBER __ kilos|kg|pounds|lbs|kilo|bmi|stone __ lose|still|fat|more|FAINT|hair|heart|period|want|goal|not|enough|too|eat|fell|cold
    weigh|bmi __ NUMBER __ lose|still|fat|more|FAINT|hair|heart|period|goal|enough
    NUMBER|hundred calories|kcal|cal __ day|week|today|limit|max|chest|faint|dizzy|hair|heart|only|fainted|hurts
    calories __ chest|faint|fainted|dizzy|heart|hair|hurts|collapsed
    hair __ falling|fell|falls|thinning out __ eat|weight|thin|starving|lose|fainted|period|cold
    heart __ skips|skipping|slow|irregular|palpitations|flutters|weird|hurts|races|stops|stopped __ purge|purging|eat|eating|throw|laxatives|starving|meal|starve|beats
    anorexia|anorexic|bulimia|bulimic|ana|mia|ed __ again|back|relapse|killing|winning|worse|control|relapsed|hospital|took|taking
    anorexia|bulimia|eating __ is|disorder __ killing|kill|winning|worse
    starving|starve|starved myself|to death
    feeding|ng tube
    NUMBER|SMALL days|day|weeks __ with|on|of|just|only __ nothing|coffee|water|gum|juice|tea|diet but? __ FAINT|collapsed|dizzy|stand|passed|black|coffee|water
    FAINT|collapsed|blacked __ coffee|water|starving|nothing|empty|stomach|calories|food|meals
    period stopped|gone|lost|disappeared|missing
    throw|puke|purge|vomit up? everything|all|every __ blood|bleeding|faint|heart|teeth|weak
    blacking|black|passing out __ empty|stomach|exercise|eat|food|starving|weight|calories
    NUMBER kg|kilos|pounds|lbs __ fat|lose|less|more|goal
    palpitations __ starving|purging|eat|eating|fasting
    hospitalise|hospitalize|hospitalised|hospitalized|tube|admit __ still|fat|huge|eat|weight|big
    still huge|fat|big __ kg|kilos|pounds|NUMBER
    """,
)

EATING_RISK = rule(
    "purging, starving or not eating",
    Category.EATING_DISORDER_EMERGENCY,
    _MODERATE,
    _PLAIN,
    """
    make|making|made|makes|force|forcing|forced myself __ sick|throw|vomit|puke|purge|up|throwing
    PURGE after|every|everything|each|again|daily|my|all __ meal|eat|meals|eating|day|everything|dinner|food|lunch|bite|time|night|i
    purge|purging|purged $|again|and|every|after|today|in|because|so|everything|when|it
    binge|binging|bingeing|binged __ purge|purging|purged|throw|puke|vomit|sick|laxatives|starve
    fingers|finger|toothbrush __ down|throat
    starve|starving|starved myself
    stopped|stop|quit|refuse|refusing|avoid|avoiding|skip|skipping to? eating|eat|food|meals __ so|because|thin|lose|weight|fat|disappear|days|skinny|week|disgusting|deserve|completely|altogether|every|size|body
    NOT deserve __ eat|food|meal|eating
    NOT eat|eaten|eating __ NUMBER|SMALL|days|week|weeks|since|fat|deserve|disgusting|weight|body|skinny|thin|ugly
    disgusting|fat|ugly|gross|guilty|sick __ eat|eating|ate|food __ so|NOT|throw|days|starve|purge|anymore|stop|just|myself
    hate my|body __ eat|eaten|starve|eating|food|purge|days
    LAXATIVES __ lose|weight|every|faint|thin|day|again|skinny|meal|after|daily|use|more
    throw|puke|vomit|throwing|puking|threw|vomiting up? _ on|after _ purpose|eat|meal|eating|meals|every|dinner
    on purpose __ food|eating|eat|meal|third|day
    NUMBER|SMALL|third|second|fourth|fifth|sixth|seventh day|days of|without|with|no|not|since _ NOT|no|food|fasting|eating|eat|starving
    scared|afraid|terrified __ eat|eating|food|gain|gaining|calories|weight __ NOT|starve|days|weight|eat|so|not|cry|anymore|stop
    NOT keep|hold food|anything|it down
    NOT let|allow|bring|make|get myself __ eat|food|swallow|meal
    only|just|nothing eat|eating|have|had|drink|drinking|allow|but|consume __ ice|gum|water|lettuce|celery|cucumber|calories|broth
    goal weight
    close to my? goal|ugw
    water|dry|juice fasting|fast until|till|for|to __ disappear|thin|gone|skinny|nothing|NUMBER|bones|days|weeks
    until|till|so i disappear|bones|skinny|thin __ fast|fasting|starve|eat|eating|weight
    stopped|stop|quit eating on|since|because|so|to|monday|days|last|weeks
    chew and spit
    every bite|meal|calorie __ hate|guilty|disgusting|cry|fat|punish|ashamed
    caught __ throwing|purging|vomiting up|dinner|after
    throw|puke|vomit|throwing up everything|all|whatever __ eat|ate|swallow
    """,
)

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
    """,
)

PANIC = rule(
    "panic",
    Category.MEDICAL_EMERGENCY,
    _HIGH,
    _PLAIN,
    """
    having|have|in|middle|getting|another|is|think|another|worst|feel a|an|the|my|another|of|like|coming|having? _ panic|anxiety attack|attacks __ now|help|right|breathe|not|please|stop|dying|hour|chest|and|hours|$|heart|again|shaking|alone|scared|what|idk
    having|keep|keeps|constant|in|another __ panic|anxiety attacks|attack|attacks
    panic|anxiety attack|attacks __ hour|hours|breathe|stop|dying|now|help|again|all|every|constantly|day|night|worse|worst|bad|die|faint|not|shaking|hospital
    hyperventilating|hyperventilate
    freaking|panicking|panic|freak|losing|spiralling|spiraling out|it|so|bad|now|hard|really|control? __ breathe|help|shaking|numb|stop|heart|not|chest|dying|hands|please|breath
    NOT calm|stop __ down|shaking|panicking|crying|hyperventilating|trembling __ breathe|heart|chest|help|dying|numb|hands|please|breath|hour|hours|die
    shaking|trembling __ NOT|not stop|breathe|calm
    NOT breathe
    NOT breathe properly|right|and|well
    feel|feels|feeling|think|like i? am|going|might|about|will dying|die|faint|pass|collapse|suffocating|choking|explode __ heart|chest|breathe|panic|help|attack|stop|not|shaking|now|hands|breath|calm
    hear|hearing voices|voice|things __ tell|telling|hurt|kill|say|scared|stop|people|me|saying|head|not|them|want|make|shut|loud
    voices|voice|demons|shadows|they __ tell|telling|tells|told|want|saying|command|ordering me|to|i __ hurt|kill|do|jump|bad|stab|people|them|die|burn
    NOT|losing|lost|slipping know|touch|tell|grip __ what|is|real|reality|with|on __ real|reality|hallucinating|voices
    hallucinating|hallucinations|psychosis|psychotic|paranoid|manic __ scared|help|voices|watching|poison|days|kill|episode
    NOT slept|sleep|sleeping __ NUMBER|SMALL|days|week __ voices|seeing|things|hallucinating|hearing|days|nights|shaking|heart|watching
    they|people|government|someone|everyone __ are|is _ watching|following|poisoning|after|spying|reading|put __ me|my|food|mind|chip|thoughts|camera|cameras|kill
    FAINT|passed|blacked out? __ NUMBER|SMALL|three|twice|times|again|today|keep|heart|chest|shower|alone|head|wrong
    keep|keeps|kept fainting|collapsing|passing|blacking
    want|going|might|urge|urges|thoughts|thinking|will to|of|about|gonna|am? _ hurt|kill|stab|shoot|hurting|killing|attack|shooting|stabbing|bomb __ people|someone|everyone|family|dad|mom|baby|classmates|school|teacher|others|wife|husband|boss|brother|kids|coworkers|sister|parents|neighbor|ex
    shoot|shooting|bomb|blow up? __ the|my|at|up school|classmates|office|work|church|mall
    """,
)

HINTS = (
    *rule(
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
    ),
    *rule(
        "sign of a substance emergency",
        Category.SUBSTANCE_EMERGENCY,
        _HIGH,
        _HINT,
        """
        pills|xans|oxys|fentanyl|heroin|coke|ketamine|mdma|meth
        took|swallowed something|them|it|pills
        what do i do
        feel weird|funny|sick|wrong
        passed out
        NOT waking|responding|wake
        blue
        drank|drinking|drunk
        """,
    ),
    *rule(
        "sign of an eating disorder emergency",
        Category.EATING_DISORDER_EMERGENCY,
        _MODERATE,
        _HINT,
        """
        threw|throwing|throw up
        NOT eat|eaten|eating
        no food
        on purpose
        fat|skinny|weight|calories
        fainted|dizzy|weak
        purge|purging|binge
        days
        """,
    ),
)

BODY_RULES = (*SUBSTANCE, *SUBSTANCE_RISK, *EATING, *EATING_RISK, *MEDICAL, *PANIC, *HINTS)
