"""Being hurt, forced, held or threatened by another."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.ABUSE
_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN, _SOFT, _HINT = Strength.PLAIN, Strength.SOFT, Strength.HINT

VIOLENCE = rule(
    "violence",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    ABUSER __ BEAT me|us
    ABUSER __ BEAT on|up|at me
    being|getting|gets|get|been|am|was|got beaten|hit|abused|raped|molested|assaulted|groped|choked|battered|bullied|trafficked|attacked|punched _ at|by|again|up|home|every|last|when|because|now|for|and
    am being|getting _ beaten|hit|abused|hurt|raped|molested|assaulted|stalked|trafficked|blackmailed
    i was|got|been|have|am __ raped|molested|sexually|assaulted|groped|drugged
    ABUSER __ hurts|hurting|hurt|pushed|shoved|shoves|grabs|grabbed|slammed|slams|pinned|pins|held|holds|threw|throws|dragged|drags|pulls|pulled|twists|twisted|tied|ties|starves|starving|drugs|drugged|kicked|tortures me|us __ down|against|wall|stairs|hair|floor|arm|neck|again|bruises|marks|so|across|when|into|by|bed|up|every|until|sometimes|and|too|under|throat|wrist|room
    ABUSER __ hurts|hurting|beats|hits|rapes|molests|strangles|chokes|abuses me
    BEAT|hurts|threatens my _ mom|sister|brother|mother|siblings|kids|baby|son|daughter|dad
    ABUSER __ BEAT my|her|him mom|sister|brother|mother|siblings|kids|baby|son|daughter
    threw|throws|throwing|threw|smashed|swung|swings|came|comes|chased|chases a|the|his|her|at|me|something|plates|things __ at|over|on|after my|me|us __ head|face|with|again|and|knife|$|back
    ABUSER __ THREATEN|going|try|tried|tries|wants|want|promised|said|says|swore|will|warned __ kill|hurt|beat|hit|shoot|stab|strangle|choke|burn|bury|find|rape|hunt me|us|him|her|my
    kill me __ if|when|before|for|like|one|next|and|too
    kill my __ dog|cat|mom|sister|family|kids|brother|pet
    THREATEN to _ kill|hurt|beat|hit|shoot|burn|post|share|leak|send|out|throw|stab|rape|take me|us|my|him|the
    THREATEN me|us with|if|to
    ABUSER __ THREATEN me|us
    hands|hand|belt|cord|pillow|arm __ around|round|over|on|against my neck|throat|face|mouth
    bruises|bruise|marks|welts|scratches|black __ from|where|because|by|he|she|dad|mom|lie|hide|cover|makeup|when|boyfriend|explain|keep|teachers
    ABUSER _ bruises|marks|welts
    gave|gives|left|leaves me|a|bruises|marks __ bruises|bruise|black|marks|eye|lip|on|bloody
    broke|breaks|broken|fractured|busted|split my arm|nose|rib|ribs|jaw|wrist|tooth|leg|finger|lip|fingers|collarbone
    hospital|teachers|school|people|everyone|doctor|lie __ i __ fell|tripped|stairs|door
    scared|afraid|terrified|frightened to __ go|come|be|sleep __ home|house|alone|back|night __ hurt|hit|he|she|dad|beat|they|stepdad|mom
    SCARED __ ABUSER __ hurt|kill|hit|find|beat|rape me|us|my|him|her
    i|am|so SCARED __ ABUSER __ come|comes|coming home|back|in|upstairs
    next time|one __ will not? miss|kill|worse|dead|be
    hits|hitting|beats|punches|kicks|slaps|chokes|rapes|molests me|us
    hits|beats __ WEAPON|belt|cable|stick|slipper|whip|rod
    hit|beat|hits|beats|beating|hitting|whipped|whips me|us with|until __ WEAPON|belt|cable|stick|shoe|slipper|fist|fists|bleed|bruises|pan|chain|rod|bled|cried|pass
    with|using a|his|the|her belt|cable|cord|stick|hanger|bat|broom __ if|when|because|for|again|me
    BEAT me up
    slapped|slaps|punched|punches|kicked|kicks|choked|chokes|strangled|shoved|shoves|smacked|backhanded|headbutted me __ again|face|last|when|because|in|and|until|so|down|yesterday|tonight|hard|at|for|$
    hit|hits|hitting|beat|beats|hurt|hurts me AGAIN
    every|each time|day|night|week __ BEAT me
    BEAT me __ every|always|whenever|drunk|drinking|drinks|drink|home|work|night|belt|bad|for
    when|whenever|after|if __ drinks|drunk|drinking|angry|mad|home|loses|temper|high __ BEAT|hurts|hurt me|us
    ABUSER|gets|is|comes __ drunk|drinks|drinking|angry|violent|physical|rages __ hurt|hurts|hit|hits|beats|violent|throws|me
    gets|got|becomes|is|was|being violent|physical|abusive|aggressive with|to|toward|towards|again|when|me|and|$
    abusive|violent relationship|home|husband|boyfriend|dad|partner|marriage|household|parents|mom|father|stepdad|mother|ex
    i am|being _ abused
    abusing|abuses me
    domestic violence|abuse __ my|i|me|at|home|help|situation
    flinch|flinching __ when|every|if
    raises|raised his|her hand|fist
    ABUSER __ will|would|going|said|says|threatened|threatens|swears __ break|burn|kill|smash|cut|destroy|shoot|stab|hurt|find __ my|me|house|it legs|arm|neck|face|down|fingers|family|if|inside|with|bones|teeth
    break my legs|arms|neck|face|bones|fingers|jaw if|when|again
    burn|burns|blow it|house|us|home down|up with|inside
    ABUSER keeps|kept|keep showing|coming|turning|waiting|calling|following __ house|work|school|home|outside|door|place
    ABUSER __ holds|held|puts|put|points|pointed|presses|pressed|shoves|forces a|my|the|his|her _ knife|gun|head|pillow|face|razor|lighter|scissors to|under|against|on|in|at|into|over
    under|into the? water __ punish|punishment|holds|held|until|breathe
    hear|hears|heard his|her|dads|their belt|footsteps|steps|boots|keys|voice
    coming|comes|walking|came upstairs|downstairs|up|down|home __ belt|drunk|kill|hit|hurt|hide|scared|angry|knife
    ABUSER _ hides|hid|takes|took|withholds|refuses|destroyed|throws|flushed my insulin|medication|meds|medicine|inhaler|glasses|wheelchair|epipen
    ABUSER __ BEAT my _ LIMB|face|head|hands|hair|ribs
    ABUSER _ starves|starved|starving|drugs|drugged|tortures|tortured|cages|humiliates|waterboards me|us
    i get|got the belt|cane|stick|whip|slipper
    hits|hit|punches|kicks me where
    beaten at home|by
    throws|threw|throwing knives|plates|things|bottles|chairs|glass
    ABUSER pushes|pushed|shoves me and|down|around
    told|begged|asked|beg _ him|her|them to stop but|and
    ABUSER __ holds|held|hold|holding|puts|put|puts|pushed|pushes|presses|pressed|shoves|burned my hand|hands|head|face|arm|fingers|hair __ over|on|in|under|into|against|to __ stove|water|fire|toilet|pool|flame|heater|oven|wall|radiator|lighter|sink
    ABUSER __ broke|breaks|broken|dislocated|fractured my _ finger|fingers|arm|nose|rib|ribs|wrist|jaw|tooth|teeth|leg|bone
    ABUSER __ throttles|throttled|pins|pinned|headlocks|tramples|stamps|kicks|kicked|whips|pushed|pushes|threw|throws|shoved|shoves me __ stomach|belly|stairs|down|wall|floor|against|across
    ABUSER __ burns|burn|burned|scalds|hits|whips|beats|cuts me|us with __ straightener|iron|cigarette|lighter|spoon|belt|cable|stick|hanger|wire|lighter
    ABUSER __ ties|tied|chains|chained|tie __ me|us|him|her|brother|sister to __ bed|chair|radiator|pole
    bruises|marks|handprints|bruise|fingerprints ___ he|she|they|dad|mom|his|her left|leaves|leave|gave|gives|fingers|hands|made
    bruises|marks|neck|eye|arms ___ makeup|foundation|concealer|scarf|sleeves __ nobody|hide|sees|see|cover|noone
    what|because ABUSER did|does with|to __ me|belt|cable|cord|stick
    can not|hardly|barely __ sit|walk|lie ___ uncle|dad|stepdad|belt|cable|mom|he|cane
    NOT feed|feeding|fed me|us|him
    they|kids|boys|girls|students|classmates|bullies __ beat|hold|held|kick|kicked|jump|jumped|hit|punch|drown|hits|attack __ me __ film|under|passed|behind|every|until|school|floor|toilet
    """,
)

SEXUAL = rule(
    "sexual abuse",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    ABUSER __ SEXUAL me|us
    keeps|keep|kept|always|tries|trying|started|stop|wants|starts|making|makes __ touching|touch|touches|groping|kissing me
    touches|touched|touching|touch|gropes|groped|fondled|rubs|rubbed|kisses|kissed me __ not|when|night|want|down|there|places|wrong|inappropriately|tell|secret|sleep|asleep|without|under|while|private|says|uncomfortable|again|weird|ways|parts
    ABUSER _ touches|touched|gropes|groped|fondled|molested|molests|raped me
    touches|touched|touching my _ private|privates|breasts|chest|body|parts
    NOT|stop like|want|him|stop|tell __ touches|touched|touching me
    comes|came|sneaks|coming|creeps|gets|climbs|enters|sneaking|crawls __ into|in|to|inside my|the _ room|bed|bedroom __ night|asleep|sleeping|dark|drunk|when|again
    ABUSER __ comes|came|sneaks|coming|creeps|climbs|sneaking|gets into|in|to my _ room|bed|bedroom|shower
    into|in|to|inside my bed|room at|every|when night|i|drunk|night|he
    FORCE __ me __ have|do|to|into|touch|in|with _ sex|things|it|him|bed|stuff|undress|her|kiss|touch
    FORCE me __ sex|nudes|touch|naked|undress|strip|videos
    FORCE himself|herself|itself on
    make|makes|made|making|asks|asked|wants|tells|told|pressuring|pressured|blackmailing|forces|demanding __ me __ send|sending|take|give|show __ nudes|pictures|pics|photos|naked|videos|body
    send|sending|sent|want|wants|share|shared|leak|post|posting|posted|leaked|leaking|spread __ nudes|naked|intimate|private _ pictures|photos|pics|or|videos|to|of
    THREATEN to|with|will _ post|leak|share|send|spread|publish __ pictures|photos|nudes|videos|pics|screenshots|them
    he|she|they|will _ post|leak|share|send the|my __ nudes|pictures|photos|others|videos if|unless|or|to
    or|if __ post|leak|share|send|publish the|my|it others|nudes|pictures|photos|videos|everyone|everybody|screenshots
    told|said|told|saying __ no|stop and|but he|she|they did|kept|would|not|it __ anyway|stop|going
    did it anyway
    did NOT consent
    in|get|gets|got|getting the|into shower|bath|bed with me
    things __ NOT want in|bed|do|with
    things|stuff in bed
    i|was|got _ sexually assaulted|abused|harassed
    sexually assaulted|abused|harassed|abuses|assaults|harasses|abusing|harassing|molested me
    took advantage of me
    watches|watched|films|filmed|records me __ shower|undress|sleep|change|dressing|bathroom|changing
    older|adult|grown|man|guy|stranger __ wants|asked|asking|keeps|telling|making|told|makes __ meet|nudes|pictures|secret|naked|pics|touch|alone
    our|little secret
    says|said|told|tells __ NOT __ tell|believe __ anyone|anybody|me|mom|nobody|us|people
    nobody __ will|would believe __ me|guy|girl
    rape|raped|raping|molested|molesting me
    i was|got|been raped|molested|groped|roofied|drugged|assaulted
    raped|molested by
    hand|hands|fingers|himself|it __ under|inside|up|down|in|on|between|against my _ skirt|shirt|pants|underwear|clothes|blanket|dress|bra|shorts|trousers|thigh|thighs|legs|body|chest|breasts|leg|sheets
    meet|meets|meeting him|me __ leak|post|pics|nudes|secret|older|internet|online
    ABUSER _ keeps|kept|tries|tried _ climbing|getting|coming|crawling|sneaking|touching|grabbing|kissing into|in|me|my|to
    lose|loses|fire|fired my job __ if|unless i
    sleep|have|sex|sleeping __ with __ landlord|boss|men|him|strangers|friends|coach|dealer|customers __ or|forced|pay|kicked|rent|money|force|have|against
    have to|must sleep|have with|sex _ landlord|boss|him|men|with|strangers
    send|sends|sent|sending me dick|nude|nudes|sexual|naked|porn|inappropriate
    wants|asks|demands|asked|wanted mine|nudes|pics|naked
    corners|cornered|corner me|us
    ABUSER __ corners|cornered|rubs|rubbed|kisses|kissed|kissing|hugs|licks me __ touches|alone|mouth|neck|when|in|every|against|kitchen|not
    kisses|kissed|kissing me on the mouth|lips|neck
    ABUSER does|did|do|doing _ things|stuff|it|something to|with me __ night|bed|alone|talk|tell|secret|want|room|bad|wrong|$
    filmed|films|recorded|records|photographed|photographs|taped me|us _ naked|shower|showering|undressing|nude|sleeping|changing|sex
    wants money|more|sex or|not|else|for the|naked|pics
    touched|touches|touching|rubbed|grabbed me _ between|under|inside|down __ legs|skirt|there|shirt|pants|clothes
    sit on his lap|knee
    hand|hands|fingers up|under|down|inside|in my skirt|shirt|top|pants|trousers|dress|underwear|bra|shorts
    comes|came|climbs|gets|crawls|sneaks into|in my bed|bunk|room|bedroom|sleeping __ night|sleep|asleep|drunk|love|touches
    ABUSER __ watches|watched|watching|films|filming|filmed|spies|peeks me __ shower|showering|change|changing|undress|naked|bath|sleep
    videos|video|pictures|photos|nudes|pics|photo of me __ undressed|naked|nude|unless|or|send|sends|post|posts|share|leak|pay
    has|have|got|leaked|sent|posted my nudes|nude
    i said no __ NOT stop|care|listen
    i said no __ kept|continued|anyway|forced
    said|told|begged __ stop __ NOT stop|listen|care
    made|makes|forces|forced|making me have? sex|sleep|do __ with|things|stuff
    makes|made|forces|forced|asks|wants|told me to? send __ photos|pictures|nudes|pics|videos __ underwear|naked|team|or|him|unless|nude|body
    wake|woke|waking up without|naked|undressed|no _ clothes|underwear|pants|$|and
    does|do|did stuff|things to me when|at|while|alone|and
    raped|rape|assaulted me|at|by|last|when
    teacher|coach|tutor|priest|boss|manager|uncle|stepdad|cousin __ kissed|kisses|grabs|grabbed|gropes|touched|touches me
    """,
)

COERCION = rule(
    "held, controlled or threatened",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    ABUSER __ will|would|does|did NOT __ let|allow me|us __ leave|out|go|house|sleep|eat|phone|call|use|home|see|talk|work|doctor|anyone|go
    NOT let|letting|allow|allowing me|us _ leave|out|go|eat|sleep|see|call|talk __ house|room|home|family|friends|anyone|outside|alone|phone|him|her|$|flat|apartment|doctor|food|until|unless
    NOT let me leave
    ABUSER __ LOCK me|us in|inside|up|down|basement|and|every
    LOCK me|us in|inside|up|here|down
    LOCK __ in|inside|up __ ROOM __ NOT|food|out|days|let|no|starve|without|misbehave|punish|punishment|hours|night
    am|being|been|keeps|kept|holding|held|get __ LOCK|prisoner|captive|hostage|against in|my|and|inside|by|up|here|will|from|$
    against my will
    took|takes|taken|hides|hid|hidden|broke|smashed|has my|the __ phone|passport|keys|money|car|id|papers|bank|wallet|card __ NOT|leave|out|house|so|run|call|from|away
    NOT give|feed|get|let|allowed me|us|any|to _ food|eat|meals|water|fed
    no food|meals __ LOCK|punish|days|me|they
    give|feed NOT _ me food|anything
    ABUSER __ controls|controlling|monitors|tracks|tracking|checks|checking|stalks|stalking|follows|following|spies|isolates|monitoring me|my|all|where|everything|what|phone|messages
    stalking|stalks|stalked me
    is|keeps|been following|watching me
    ABUSER _ THREATEN me
    being threatened
    SCARED|scared of my __ dad|boyfriend|husband|mom|stepdad|stepmom|uncle|father|mother|partner|ex|wife|brother|girlfriend|parents|coach|him|her
    trapped with|here|in|at __ him|abusive|abuser|her|them|house|home|violent|beats|hits|leave
    find|finds|found me __ kill|dead|hurt|if|where
    knows where i live
    if i __ leave|tell|told|left|try|go|say|leaves|break|run|call __ kill|hurt|hunt|find|killed|dead|take|post|burn|beat|regret|me
    kill|hurt|beat|find|hunt|bury|burn|murder|regret|himself|herself __ if i __ leave|tell|left|go|say|leaves|talk|break|run|told
    forced|forcing|making|selling|sells|arranged me|to|into|marriage __ marry|marriage|work|men|strangers|for|money|sex
    marry __ against|force|forced|forcing|years|old|do not
    sold|selling|sells|pimp|pimps|trafficked me|my to|body|for|out
    took|takes|has|taken|hid|hides|keeps my passport|phone|keys|id|papers|documents|money __ NOT
    marry me off
    marry|marrying|married|wedding __ man|cousin|old|stranger|against|arranged|force|forced __ i __ NUMBER|young|child|not|do
    never see|seeing my|the kids|children|baby|son|daughter|family|mom|sister again
    ask|need|beg|get _ permission to|for
    locked|locks|locking the front|back|bedroom door
    NOT give|giving me my phone|keys|passport|money|meds|medication|card
    ABUSER tells|decides|dictates me? what|who|when|where _ to? i? wear|talk|see|eat
    goes|go|going|looks|searches through my phone|messages|texts|things|bag
    follows|followed|following|follow me home|everywhere|around|from __ every|day|work|night|ex|school|always
    NOT allowed to|out __ food|bathroom|leave|phone|door|house|friends
    lock|locks|locked|locking me|us|him|her __ shed|basement|without|night|food|days
    passport|passports|documents|visa|papers __ taken|took|takes|keeps|threatens|have|has|away
    have|has|had|forced|making|make|says|going to marry __ him|man|cousin|someone|summer|NOT|against
    or|unless|until|says|threatens|threatening|wants|demands he|she|they|will __ post|send|leak|share|show|release __ them|photos|nudes|videos|pictures|everyone|school|it
    """,
)

DANGER_NOW = rule(
    "violence at this moment",
    _KIND,
    _IMMINENT,
    _PLAIN,
    """
    ABUSER|is _ at|outside|behind|in|by|inside _ door|house|room|home|outside|downstairs|window|garden __ knife|gun|kill|weapon|bat|axe|scared|help|hide|hurt|beat|banging|drunk
    ABUSER __ has|got|have|holding|pulled|pointing|waving|with a|the|his __ gun|knife|machete|bat|axe|hammer|weapon __ me|help|scared|door|hide|hiding|outside|please|now|at|my|us|in|and|$
    hid|hiding|hide|locked|barricaded|shut|lock|run|ran|running|locked|running __ in|from|under|myself|into|away|inside __ bathroom|closet|bed|room|him|her|dad|them|wardrobe|basement|attic|stepdad|car|shed|boyfriend|husband|mom|ex|father|woods __ gun|scared|drunk|he|looking|kill|knife|afraid|dad|please|help|angry|she|hit|alone|broke|him|someone|beat|they
    dad|he|she|mom|ex|boyfriend|husband|stepdad|they|father|someone is|are|was __ looking|coming|searching|screaming|yelling|breaking|banging|hunting|kicking for|after|up|at|down|the|in|on|to __ me|door|stairs|hurt|kill|beat|in|hit|room
    breaking|broke|breaks|kicking|kicked|banging|smashing|smashed down|in|on|into|through|at my|the|our door|house|window|bedroom|apartment
    someone|he|ex|man _ broke|breaking into|in my|the|our|and|$
    someone|somebody|man|stranger|ex|he|she|they __ in|inside my|the house|home|room|apartment|flat __ help|will|scared|hiding|alone|not|now|hide|out|knife|gun|please|leave
    going|will|about|trying|try|tries to? __ kill|hurt|beat|hit|shoot|stab|rape|strangle|murder me|us __ help|please|tonight|now
    help|please|call|911|police|cops|ambulance __ going|will|trying|about __ kill|hurt|beat|hit|shoot|stab me|us|her|him|mom|my
    he|dad|mom|she|stepdad|husband|boyfriend|father|they is|are|was __ hitting|strangling|beating|choking|stabbing|hurting|attacking|punching|kicking my|me|her|him|us|mom|the|them __ now|right|mom|mother|sister|brother|help|call|please|again|kids|baby|next|and|dad|$
    strangling|stabbing|choking|beating|attacking|killing|shooting my|her|him|mom _ mom|mother|sister|brother|dad|now|right|help
    i am|will next
    and i am next
    i can hear __ coming|stairs|screaming|him|yelling
    coming up|down the? stairs|hall
    coming for|after me
    coming to get|hurt|kill|beat|hit me|us
    going|will to _ hit|beat|hurt|kill|find|rape|punch|choke me|us
    LOCK me __ in|room|house|basement|car|closet __ keys|key|left|scared|help|not|not|and|now|he|get
    following|chasing|followed me __ now|scared|right|help|night|and|knife|man|he
    call|get|send|need|phone __ police|cops|911|999|112 __ me|he|now|she|please|someone|dad|mom|house|here
    call _ police|911|999|112|cops|ambulance for|now|please|$
    call someone|anyone please|now|quick|$
    NOT let me out|leave __ help|scared|please|house|locked|my|and|now
    ABUSER|he|she|they ___ with|has|holding|grabbed|loading|loaded|got|swinging __ knife|axe|gun|crowbar|machete|bat|hammer|rifle|shotgun __ looking|coming|outside|door|help|me|now|us|screaming|locked|stairs|driveway|here
    ABUSER|he|she|they|ex is|are|standing __ outside|driveway|door|downstairs|window|house __ crowbar|knife|axe|gun|bat|hammer|machete
    outside|behind|at|breaking|smashing|kicking|banging|breaks the|my _ door|window __ knife|locked|please|help|hide|hiding|scared|cops|police|call
    hiding|hide|locked in|under|inside __ wardrobe|closet|bathroom|attic|cupboard|bed|cellar __ coming|outside|screaming|shouting|breaking|smashing|gun|knife|please|help|police
    in|coming|comes|outside the|up|my _ wardrobe|closet|attic|cupboard|stairs __ coming|comes|outside|smashing|gun|knife|help|police|wardrobe|closet|hiding
    shouting|screaming|yelling|breaking|smashing|fighting ___ coming|comes up|upstairs|in|here|closer|the
    coming|comes|back up|upstairs|in the stairs|for me|us|again
    NOT leave|get|go|be|walk __ alive
    ABUSER|he|she|they __ strangling|choking|stabbing|drowning|killing|punching|beating|kicking|hitting|attacking|got|pinned mom|my|her|him|dad|brother|sister|us|mother
    choked|strangled|beat|hit|knocked me until|till i|everything __ passed|blacked|black|out|unconscious|NOT
    making|make|forcing|trying|pulling me get|go|into|in|to __ car|van|truck with|help|please
    ABUSER|he|she|they __ kill|burn|shoot|stab me|us|house __ tonight|now|today
    can not|not|NOT get out|away|leave __ send|help|please|police|someone|locked|night
    """,
)

EMOTIONAL = rule(
    "humiliation, control and fear at home",
    _KIND,
    _MODERATE,
    _PLAIN,
    """
    NOT feel safe|secure __ home|house|here|him|her|them|family|around|at|with|room|own|there|dad|$
    unsafe|not safe|afraid|scared|terrified at|in|to|go|come|be __ home|house
    scared|afraid|terrified|frightened of my|what __ husband|wife|boyfriend|girlfriend|dad|mom|father|mother|stepdad|stepmom|partner|brother|uncle|parents|ex|do|will|does|he|she|$|might|grandpa
    ABUSER __ screams|yells|screamed|yelling|screaming|shouts|calls|called|tells|told|says|said|shouting|yelled __ me|i|at __ worthless|useless|born|stupid|whore|slut|mistake|fat|disgusting|ugly|pathetic|failure|bitch|nothing|regret|garbage|burden|idiot|freak|worst|loser
    ABUSER __ wishes|wish|wished|wants|hopes|told|tells|says i|me|should|to|was|were|had|go|i __ dead|born|die|kill|abortion|aborted|gone
    ABUSER __ controls|checks|reads|tracks|monitors|decides|goes|looks|spies|takes|controlling|checking|tracking __ my|where|what|all|everything|every|through|me|on __ phone|money|messages|go|wear|friends|time|eat|location|texts|move|night|salary|talk|see|paycheck|everything|account|accounts
    NOT allowed|permitted|let|able to|me _ see|talk|have|leave|meet|speak|visit|go|use|work __ friends|family|anyone|house|money|phone|alone|mom|without|him|sister|parents
    NOT let|allow|want me|like _ see|talk|have|eat|visit|go|leave|meet|to|use|work __ friends|family|anyone|them|alone|money|mom|my|parents|house|outside|job
    THREATEN|threatening __ leave|kick|throw|post|pictures|photos|kill|hurt|leak|send|share|himself|herself|me|out
    if|when i __ leave|left|break __ him|her|up|kill|hurt __ himself|herself|pictures|photos|kill|hurt|die|post
    i|am _ scared|afraid|terrified|frightened of him|her|them
    walking on eggshells|egg|eggshells
    flinch|flinching|shake|shaking|freeze|hide|cry|tense|scared|nervous|afraid __ when|whenever|every|if|each __ dad|he|she|mom|hand|door|comes|voice|father|stepdad|steps|keys|husband|boyfriend|footsteps|car
    calls|called|calling me __ trash|worthless|whore|stupid|slut|names|fat|useless|disgusting|pathetic|ugly|retard|mistake|burden|bitch|garbage|idiot|pig|freak|crazy
    bully|bullies|bullying|harass|harassing|harasses|harassed|bullied me
    am|being|getting|get|got bullied|harassed
    tell|tells|told|telling|say|says|saying|messaging|texting|keep __ me|to|i __ KILL|kill|kys|die|kms myself|yourself|die|should
    kicked|kick|kicks|threw|throw|throwing me|us out __ nowhere|home|house|street|night|sleep|gay|trans|because|$|homeless|cold
    punish|punishes|punished|punishing|punishment me|us|by|is __ food|starving|eat|lock|locking|cold|silence|kneel|outside|hit|hitting|without|no|belt
    controls|controlling|manipulates|manipulating|gaslights|isolates|isolated|humiliates|degrades|manipulated|gaslighting|belittles me
    ABUSER controls all|my|everything|who|what|how
    treats|treat|treated me like __ trash|dirt|slave|garbage|animal|dog|nothing|shit|servant|object|prisoner
    hates me __ mom|dad|family|born|wish
    screams|yells|screaming|yelling|shouts at me __ every|all|day|night|for|constantly|until|always|daily
    should|wish|wishes|wished|regret|regrets __ never|not|aborted __ had|been|born|have me|born|i
    yells|screams|shouts|yelled|insults|humiliates until|at i|me __ cry|every|night|day|nothing|wrong|shaking
    everything i do is|gets wrong|criticized
    if|says|threatens|said __ leave __ never see|get|kids|take
    scared|afraid|terrified to go|come home
    ask|beg|need|permission him|her|permission _ before|to|for|every __ buy|spend|eat|go|leave|see|wear
    show|keep|give|hand __ him|her|the|every|my receipt|receipts|wages|salary|payslip|paycheck
    takes|keeps|controls|holds my wages|salary|money|paycheck|card|bank|passport
    reads|read|checks|goes|check|reading all|every|my|through my? messages|texts|phone|emails|chats|dms
    decides|decide|chooses|tells|dictates who|what|when|how|where i _ can|see|talk|wear|eat|friends|friend|with
    put|has|installed|hid|found a|an tracker|airtag|camera|app|gps on|in my
    walking|walk|living on eggshells __ around|when|every|because|home|hear|he|she|him|her
    scared|afraid|dread|terrified|dreading|fear to|of|when? __ go|going|coming|come|hear|his|her|keys|car|home __ home|house|car|in|door|pull|pulls|school
    keeps|asks|asking|wants|asked|wanted __ where i live|meet|secret|alone|address|school
    guy|man|men|someone|stranger|dude __ older|online|discord|game|internet|snapchat|insta __ meet|where|secret|pics|NOT|photos|parents|alone|live
    secret|secrets|between|tell __ NOT tell|parents|anyone|mom
    calls|called|call|calling|tells|says|tell me|that|i __ parasite|worthless|stupid|mistake|burden|nothing|useless|fat|trash|disgusting|crazy|ugly|aborted|abortion
    should|wish|wishes have|had __ aborted|abortion|born __ me|had
    NOT spoken|talked|speak|talk|speaking|talking|ignores|ignored to? me for|in|except|until|since
    ignores|ignored me for days|weeks|hours|punish|punishment|until
    hides|hid|takes|took my car? keys|phone|shoes|wallet|glasses __ NOT|so|stay|leave|home|go|crazy
    if i leave|tell|go __ NOT see|never|lose|take|make|ruin|kids|kill|hurt
    punches|punched|hits|kicks|smashes|breaks|throws the|things|wall|walls|door|plates|stuff|holes __ next|near|head|me|angry|at|scared|instead
    no|took|NOT _ lock|door _ on|off|from|in _ bathroom|room|bedroom
    """,
)

HINTS = rule(
    "sign of abuse",
    _KIND,
    _HIGH,
    _HINT,
    """
    he|dad|she|mom|stepdad|husband|boyfriend|father is|comes|came|gets|got|was|are __ drunk|home|angry|violent|mad|yelling|screaming
    scared of|to
    bruise|bruises|belt
    afraid of|to
    hurt|hurts|hits me
    hiding
    locked
    not safe
    NOT tell anyone|anybody
    please help|hurry
    help me|please
    touch|touched|touches
    yell|yells|yelling|scream|screams|screaming at me
    he|she will|would|might find out|me
    my fault
    """,
)

ABUSE_RULES = (*VIOLENCE, *SEXUAL, *COERCION, *DANGER_NOW, *EMOTIONAL, *HINTS)
