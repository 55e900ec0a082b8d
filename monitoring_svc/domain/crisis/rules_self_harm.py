"""Hurting oneself on purpose, without the wish to die: the act, the urge, the means at hand."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SELF_HARM
_MODERATE, _HIGH = Severity.MODERATE, Severity.HIGH
_PLAIN, _SOFT, _HINT = Strength.PLAIN, Strength.SOFT, Strength.HINT

HURTING_ONESELF = rule(
    "hurting oneself",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    CUT|BURN|HIT|HURT|stab|stabbing|stabbed|starve|starving|harm|harmed|hurts|injured myself
    CUT|BURN|HIT|HURT|stabbing|stab my own LIMB|face|head|skin
    i|just|been __ CUT __ my LIMB
    slice|slicing|slit|slitting|slash|carve|carving|cutting _ my _ LIMB
    HURT|cutting|burning|hitting|scratching myself AGAIN
    BURN my LIMB __ purpose|cigarette|lighter|iron|again|felt|deserve|candle|good
    BURN myself _ with|on
    put|putting|stub|stubbed|stubbing|press|pressed __ cigarette|cigarettes|lighter|iron|joint|match __ my|on|out LIMB|skin|me|myself
    HIT __ my head __ wall|walls|floor|desk|until|bleed|bleeds|purpose|over
    HIT|punching|punch __ walls|wall|myself|thighs __ until|bleed|bleeds|break|bruise|bruises|bled
    until|til|till it|i|they|he|skin|my _ bleed|bleeds|bled|bleeding|bruise|raw
    HIT|pull|pulling|pulled|pick|picking|bit|rip|ripping|tear|tearing my _ LIMB|hair|skin|nails|lip|knuckles|own|fingers __ until|bleed|bleeds|bled|bleeding|purpose
    i cut too? deep
    cut __ too|really|so|very deep
    went|go|gone _ too deep
    CUT|cutting _ AGAIN
    been|am|still|started|keep|back|restarted|again _ cutting $|again|myself|because|every|lately|and|to|when|so|since
    cutting $
    back|return|returned to cutting|burning|harming
    i|just CUT $
    i|just|ended|did __ cut $|again
    SELF harm|harming|harmed|injury|injuring|mutilation
    self harm|harming|harmed|injury|injuring|injured|mutilation|mutilating|hurt|hurting
    selfharm|selfharming|selfharmed
    sh|selfharm|self relapse|urges|relapsed|tonight|again
    relapse|relapsed|relapsing __ cut|cutting|blade|razor|arms|wrists|harm|sh|tonight|myself|burned|scars
    URGE to _ CUT|HURT myself|so|really|bad|my|deep|again|deeper|tonight|badly|right|me
    URGE to _ CUT $
    URGE to _ BURN|HIT|scratch|punish|stab myself
    urge|urges|craving|itch to|for _ CUT|HURT|blade|pain|harm|sh|burn
    need|want __ feel|see __ blood|pain|bleed
    watch|watching|see|seeing|saw|seen __ blood|myself|bleed __ calm|calms|relief|relax|helps|drip|run|good|down|better
    blood __ calms|calm|relief|helps|relaxes
    fresh|new|open|deep|deeper|hide|hiding|hid|covered|more|recent|these _ CUTS|scars
    CUTS __ on|all|over|up __ my LIMB
    CUTS under|on my
    my _ LIMB __ cut|sliced|shredded|slashed|carved|scarred up|again|open|deep
    my _ LIMB _ covered|full|all|are|is __ CUTS|burns|bruises|blood|cut
    LIMB __ bleeding _ again|because|i|from
    sleeves|bracelets|hoodie|bandages|bandage|bandaids __ hide|cover|because|hiding|covering|again|see|notice __ cuts|scars|arms|what|wrists|cut|marks|wrist|summer|hot
    long sleeves __ what i did|do
    blade|razor|lighter|scissors|knife|glass|scalpel|sharpener __ again|drawer|hidden|under|calling|keep|kept|hide|bed|pillow|pocket|case|myself|skin|arm|wrist
    blade|razor __ out of
    hid|hide|hiding|keep|kept|took|taken|broke|got|using|used|grabbed|bought|unscrewed __ blade|blades|razor|razors __ drawer|pillow|again|myself|case|room|bed|phone|sharpener|skin|out|tonight|me
    took|taking|take|broke|unscrewed _ blade|blades _ out|from|of
    NUMBER|SMALL|YEARS|months|weeks|days clean and|but|until|then __ broke|relapsed|ruined|lost|cut|failed|slipped|did|blew|threw|today|tonight
    broke|ruined|lost|reset my|it __ clean|streak __ tonight|today|again|cut|harm
    only|thing __ helps|calms|works __ cut|cutting|burning|pain|blade|blood|hurting|razor|bleeding
    cut|cutting|burning|pain|hurting __ only|thing __ helps|calms|works|feel|control|relief|helped
    cut|cutting|blade|burning|it|hurting|pain __ makes|helps|help|helped|lets|made __ feel something|better|anything|alive|real|calm|numb|cope
    HURT|punish myself __ feel|cope|calm
    cut|burn|hurt|cutting|hurting _ to cope|feel
    just need to cut
    i deserve __ pain|hurt|bleed|punished|punish|punishment|scars|cut
    i __ HURT myself
    i did|hurt _ it again __ arm|cut|arms|blade|blood|wrist|leg|legs|bleeding|scars
    blood __ sheets|sink|tissue|sleeve|floor|towel|carpet|shirt __ razor|cut|cuts|deep|blade|arm|wrist|again|myself
    carve|carved|carving words|names|word|name|it|fat|ugly|worthless _ in|into|on
    starve|starving|starved|hit|punish and hit|starve|cut|hurt|hate myself
    razor|blade|knife|scissors|needle|glass __ my _ LIMB|skin
    my LIMB look|looks|looked like
    dig|digging|dug|press|pressing _ my? nails|fingernails|nail|keys|pen|scissors|needle __ into|in|until _ skin|arm|arms|palm|palms|thigh|it
    new|fresh|more|NUMBER|SMALL|extra lines|marks|cuts|scratches|scars|burns on|tonight|$|my|last|now|from|today
    used|took|take|with|grabbed|smashed|broke|using the|a|some|broken glass|mirror|shard|shards|razor|blade
    lines|cuts|marks on my LIMB
    gave in __ cut|blade|razor|lines|urge|again|hurt|arm|wrist|scars|sh
    sliced|cut|slashed|carved|gouged _ my _ LIMB
    LIMB|skin open
    only|one thing that|which calms|helps|works
    made|make|making myself bleed|hurt|bruise
    HIT|slam|slammed|slamming|shut|crush|crushed|twist|twisted my _ hand|fingers|arm|leg|head|finger __ door|drawer|wall|so|feel|something|purpose|punish
    so|to i? would|could|can|just? feel something|anything|pain
    hide|hiding|hid|cover|covering|covered|picking|scratching __ scabs|scars|cuts|wounds|burns|marks|bandages|wrists|arms
    shallow|deep|deeper|little|small|tiny cuts|cutting
    cut deeper|deep
    poured|pour|pouring|held|hold|put|pressed __ boiling|hot|scalding|flame|candle|iron|lighter|stove|burner water|over|to|on|my|under|against
    boiling|scalding|hot water|oil __ my|myself LIMB? __ deserve|deserved|purpose|punish|feel|own
    cutting|burning|hurting|blade|razor|harming is|are|was the? only|what|how|my|all
    eraser burns
    razor|blade __ skin|silence|wrist|blood|thigh
    burns|cuts all over|on|up|down my
    promised|promise|trying|swore|try|trying not to __ cut|harm|hurt|relapse|self
    so hard|tempting|difficult|hard to? not to? _ cut|harm|relapse|hurt|burn
    HIT|dig|pick|picked my _ LIMB|skin bloody|raw|open
    my _ LIMB __ bandaged|wrapped|stitched|stitches
    my cuts
    break|smash|crush|snap my own LIMB|fingers|bones|hand|finger
    something stupid|bad|terrible to my LIMB
    small|tiny|little|hidden cuts
    i did|opened|hit|got my thighs|thigh|arms|arm|wrists|wrist|legs|stomach|hips again|last|tonight|yesterday|today|bad
    did the thing|it|that again __ scissors|blade|razor|knife|lighter|glass|deep
    relapsed|slipped __ NUMBER|six|new|fresh|lines|cuts|cut|blade|razor|blood|red|arms|thighs
    NUMBER|SMALL|new|fresh|more lines|cuts|marks|gashes|slices on|across|tonight|this|$|fresh|already|along
    rubbed|rub|scraped|scrape|sanded|picked|pick|picking|scratch|scratched|rubbing __ skin|wrist|arm|face|it|legs __ raw|bled|blood|bleeding|came|bleeds|white|bone
    pulling|pull|ripping|rip|tear|tearing __ my hair out|until|till in|until|till|again|because|clumps
    digging|dig|dug my nails|fingernails|fingers __ in|into|until|till|blood|skin|bleed
    headbutt|headbutting the|a|my wall|door|table|floor|desk
    hitting|bang|banging|slam|slamming|hit|smash my head _ the|a|on|against|into wall|door|table|floor|tiles|desk
    slam|slammed|shut|smash|smashed|crushed|trapped my hand|fingers|head|arm|foot __ on purpose|purposely|deliberately
    my|skin|arm|hand|leg|foot|wrist|stomach|myself __ on purpose|purposely|deliberately
    burn|burned|cut|poured|hit|slammed|scalded|broke|hurt|bit|bite __ my|myself __ deserve|deserved|calm|punishment|mistake|wrong|messed|failed
    stab|stabbed|stabbing|poke|poked|jab|jabbed|jabbing my|at|into my? thigh|leg|arm|hand|stomach|thighs|legs|wrist
    need|want|like|love|feel|only|have to? __ see|seeing|watch|watching|feel|bleed|bleeding|blood|red __ calm|real|alive|sleep|relax|better|running|okay|arm
    blade|blades|razor|sharpener|scissors|lighter|compass __ i used|use it|again|on
    let|held|hold|put|pressed|press|leave __ straightener|iron|lighter|flame|cigarette|match|stove|curler __ my|until|against|on __ skin|arm|leg|hand|wrist|blistered|burn|burned|thigh|ankle
    carved|carve|burned|scratched|cut __ into|in|on my skin|arm|leg|ankle|thigh|stomach|wrist|chest
    arms|legs|thighs|wrists|hips|stomach|arm|body are|is|look|looks|look|covered|full __ marks|cuts|barcode|shredded|mess|scars|blood|slashes
    was|were|it NOT the? cat|dog|accident
    long sleeves __ nobody|know|knows|hide|hiding|cuts|summer|cover
    cut|cutting|bleed|hurt __ punish|punishment|deserve
    """,
)

URGE = rule(
    "urge to hurt oneself",
    _KIND,
    _MODERATE,
    _PLAIN,
    """
    THINK|thinking|FEEL|starting|tempted|miss|missing|close|hard|want __ of|about|like|to|the|not|feeling __ cutting|HURT|harming|burning myself?|again|today|lately
    miss|missing|crave|craving|need|love|loved the? _ feeling|rush|sting|relief|feel _ of? _ cutting|blade|pain|razor|blood|hurting|bleeding|cuts
    miss cutting|hurting|it|bleeding
    miss|missing my blade|blades|razor
    hard|trying|struggling|fighting|difficult|tempted|close not? _ to|the|about _ not? _ cut|cutting|harm|hurt|relapse|urge|urges|self
    NOT CUT|hurt yet
    NOT CUT yet|today __ want|but|though
    stare|staring|looking|look|thinking|think|eyeing __ scissors|blade|razor|blades|razors|knife|knives|sharpener|lighter __ arm|arms|skin|wrist|wrists|thigh|myself|again|me|cut
    part __ me|wants|want __ CUT|HURT myself
    want|need to _ HIT|punch|punching|bang|scream|scratch __ wall|walls|head|skin __ break|bleed|until|bloody|off|stop
    i should|must|need|have|deserve to? _ HURT|punish|CUT myself
    scars __ want|miss|again|fresh|more|new|fade|faded|add|fading
    want|need|wish more|new scars|cuts
    urges|urge __ again|back|strong|stronger|bad|tonight|coming|came|worse|harm|cut
    hate|hated|disgusted my _ body|skin|self __ hurt|cut|punish|rip|carve
    urge|urges|cravings is|are|feels _ killing|strong|eating|unbearable|getting|too|overwhelming|bad|back
    URGE|itch|itching|temptation|fighting|resist|resisting|miss|fight __ to? cut|cutting|blade|burn|burning|hurt|scratch|razor|bleed __ $|so|tonight|again|myself|hard|but|it|not|now|and
    urges|urge are|is|back|came|come|got|keep back|strong|stronger|worse|bad|coming|loud|and|so
    want|need|going|like to punch|hit|hurt|burn|cut|bite|scratch|slap __ myself|me|split|knuckles|bleed
    hurting myself __ works|helps|work|help|better|only|calm
    better|calm|calmer|relief if|when|once|after i __ hurt|cut|burn|hit|harm myself|me|$
    rubber|elastic|hair|ice band|tie|cubes|cube|bands __ wrist|welts|cut|urge|urges|sharper|working
    know|thinking|think|stare|staring|look|looking where|about|at the|my|those _ blades|blade|razor|scissors|razors|lighter __ are|is|$|again|all|in
    """,
)

HINTS = rule(
    "sign of self-harm",
    _KIND,
    _HIGH,
    _HINT,
    """
    blade|razor|razors|blades
    my _ arm|arms|wrist|wrists|thighs|thigh
    bleed|bleeding|blood|bled
    scars|cuts
    did it again
    could not stop myself
    can not stop
    hate myself|body
    relapse|relapsed|relapsing
    broke my streak
    sh
    long sleeves
    bandages|bandage
    deserve|deserved it|pain|this
    """,
)

SELF_HARM_RULES = (*HURTING_ONESELF, *URGE, *HINTS)
