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
    doubled|double|twice|took|accidentally|injected my|the|too? __ insulin|methadone|dose|heart __ twice|mistake|accident|sweating|shaking|nodding|double|dizzy|low
    lips|face|skin|fingers|he|she|they|friend is|are|turned|turning|going|went|gone|getting|looks _ blue|grey|gray|purple
    snoring|gurgling|breathing weird|strange|funny|slow|shallow|noises
    NOT|hard get|can|to|wake|to? __ her|him|them|friend|mate _ to? wake|awake|up __ methadone|drank|pills|took|drugs|heroin|drunk|drink
    needle|syringe __ in|from __ his|her|their|my arm|leg
    drink|drinks was|is|got|were|been spiked|drugged|roofied
    spiked my|her drink|drinks
    took|drank|swallowed|ate|snorted|smoked|had something|stuff|pills|drugs|mushrooms|edibles|pill|brownie __ NOT feel|move|stop|breathe|see|stand|legs|face
    took|drank|swallowed|ate|mushrooms|edibles|pills|drugs|pill __ heart __ crazy|racing|pounding|fast|weird|bursting|exploding
    out cold|unconscious __ after|from|took|drank|ketamine|pills|drugs|vodka
    drank|drink|drinking|swallowed|downed|sipped __ drain|cleaner|bleach|antifreeze|detergent|ammonia|pesticide|petrol|gasoline|turpentine
    kid|toddler|baby|son|daughter|child|brother|sister|cousin|he|she __ swallowed|ate|drank|drunk|got|eaten into? __ bleach|tablets|pills|detergent|battery|cleaner|medicine|meds|poison|magnets
    mixed|mixing __ bleach|ammonia|cleaner __ cough|coughing|burning|breathe|chest|dizzy
    took|downed|swallowed|had|ate|taken NUMBER|SMALL _ PILLS __ hours|hour|hrs|ago|need|do|now|scared|help
    ate|mushrooms|berries|plant __ woods|forest|random|unknown __ vomiting|seeing|sick|dizzy|stomach
    threw|throwing|vomiting|vomit up? in his|her|their sleep
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
    days|day NUMBER|SMALL|without|off|since without? _ drink|drinking|alcohol|booze|benzos|klonopin|heroin|opiates|pills __ shake|shaking|seeing|spiders|hands|sweats|sweating|twitching|voices|fits|seizure
    quit|stopped|stop|ran|off|without drinking|alcohol|benzos|klonopin|xans|heroin|out|pills|tramadol __ shaking|sweating|shadows|twitching|seeing|fits|seizures|hallucinating
    drink|beers|beer|vodka|wine|drinks|shots __ before|or|to|just|until|so __ shaking|shake|tremors|tremor|shakes|function
    wake up and drink
    used|using|use|relapsed|shot|smoked|high again __ after|since|alone __ rehab|clean|sober|detox|bag|years
    relapsed on|with HARDDRUG|heroin|meth|coke|alcohol|pills
    on|smoking|taking|snorting|using|doing speed|meth|coke|crack|ice|amphetamine|adderall for|since|all|straight|every __ DAYS|straight|people|follow|following|whisper|whispering|voices|sleep|bugs
    awake|up|slept|sleep since|for __ DAYS|three|four|five|six __ speed|meth|coke|adderall|whispering|voices|following|bugs|shadows
    NUMBER|SMALL|twelve|ten|dozen PILLS|tramadol|codeine|vicodin|bars a|per|every day|morning
    PILLS __ handful|handfuls __ day|get|through|every|cope|heart
    NOT stop using|drinking|smoking|shooting|snorting __ everything|losing|lost|every|day|life|kids
    shoots|shooting|shot up in|again|every|heroin|meth
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
    FAINT|passed|collapsed|dizzy|black __ because|since|after|from __ NOT|won't|refuse|starving|eat|let
    NOT let|allow|letting myself eat __ FAINT|passed|dizzy|weak|twice|shaking
    had|eaten|eat|lived|living|survive|surviving only|just|on|nothing|an|but|one? __ apple|coke|gum|water|crackers|cracker|coffee|ice|lettuce|carrot|broth|rice __ since|for|in __ DAYS|NUMBER|SMALL
    NUMBER|hundred|thousand calories in|over|since __ DAYS
    water|liquid|juice fast|only __ day|days NUMBER|SMALL|six|eleven|ten|week|bones|deserve|faint|fainting
    day NUMBER|SMALL|eleven|twelve of __ fast|fasting|water|starving __ deserve|bones|FAINT|hungry|fainting|punish|skinny
    bmi NUMBER|fourteen|thirteen|twelve|fifteen|under|below
    weigh|weight|kg|kilos|pounds|lbs __ fat|lose|less|huge|proud __ heart|FAINT|hair|see|still|bones|flutters|cold
    still too? fat to eat
    heart|pulse flutters|skips|skipping|slow|stops|weird|irregular __ calories|eaten|eat|fat|starving|purge|purging
    NUMBER|SMALL|ten|twenty|took LAXATIVES __ night|day|blood|cramp|cramps|every|daily
    blood __ when|after|sink|toilet|every __ made|make|sick|purge|puke|throw|threw myself|up|again|sick
    throw|threw|throwing|puke|purge|make|made up|myself|sick __ bile|blood|nothing|chest|faint|throat
    FAMILY|friend|she|he __ hides|hiding|throws|refuses|NOT meals|meal|food|eat|eating|eaten __ lips|weighs|bones|FAINT|collapsed|blue|nothing|cold
    vision|everything goes|went|going|turns black|dark|blurry when|if i stand|get
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
    PURGE|sick|vomit|puke up? _ after every|each|all|most meal|meals|dinner|lunch
    chew|chewing and spit|spitting
    if i eat __ more|NUMBER|over|anything __ run|burn|work|punish|purge|throw|exercise
    NOT|never let|allow|allowed|letting myself|to? _ eat __ dinner|lunch|breakfast|meals|month|weeks|with|anything|food|until
    exercise|run|running|gym|workout __ hours __ or|eat|allowed|burn|food
    count|counting every|each calorie|calories|grape|bite|gram
    terrified|scared|afraid of eating|food|dinner|meals|calories|gaining|weight
    lie|lying|lied __ about __ lunch|dinner|eating|food|ate|meals
    food|lunch|dinner|meals|it goes|ends|throw|hide|hidden in|into the|my? bin|trash|napkins|napkin|bag
    binged|binge|binging and|then|again __ threw|throw|purged|purge|puked|sick|vomited
    hate my body __ eat|eating|food|starve|skinny
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
    worst headache
    headache|fever __ stiff neck
    stiff neck __ fever|rash|light|headache|vomiting
    rash __ NOT fade|fades|disappear __ fever|neck|glass
    coughing|vomiting|peeing|spitting|throwing|puking|coughed|vomited|pooping up? blood
    blood when|in i|my|the pee|urine|stool|poop|vomit|toilet __ back|pain|agony|fever|dizzy
    pain in|on|around|low my? __ right|side|belly|stomach|abdomen __ fever|stand|straight|vomiting|worse|bent
    NOT keep water|anything|food|liquids|fluids down __ days|dizzy|hours|weak|vomiting
    throwing|vomiting|puking up? for|since __ days|hours|NUMBER __ dizzy|water|weak|faint|blood
    heart|pulse|bpm __ NUMBER|pounding|racing __ sitting|resting|rest|lying|slow|hours|stop|scared|wont
    diabetic|sugar|glucose __ vomiting|high|NUMBER|low|dizzy|shaking|confused|ketones
    walls __ closing in
    going|gone|losing|lose mad|crazy|insane|control|mind __ breathe|breath|heart|stop|scared|panic|unreal
    everything looks|feels|is|seems unreal|fake|far|distant __ scared|control|die|panic|breathe
    hyperventilating|hyperventilate|shaking|tingling|tingles|shakes __ dying|die|stop|hold|phone|breathe|control|pass|faint
    another|third|second|constant|bad|huge|full|having|have|got panic|anxiety attack __ NOT|stop|shaking|hold|help|school|now|breathe|toilet|today
    NOT feel __ side|half of? __ body|face|since|lunch|morning
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
