"""Not eating and purging, up to the body failing."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_MODERATE, _HIGH = Severity.MODERATE, Severity.HIGH
_PLAIN, _HINT = Strength.PLAIN, Strength.HINT

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

EATING_HINTS = rule(
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
)
