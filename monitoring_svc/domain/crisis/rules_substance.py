"""Substances taken that endanger life, and use that comes close to it; one's own or another's."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_HIGH, _IMMINENT = Severity.HIGH, Severity.IMMINENT
_PLAIN, _HINT = Strength.PLAIN, Strength.HINT

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

SUBSTANCE_HINTS = rule(
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
)
