"""Wanting to die, from a wish not to wake up to a plan, a means in reach and a goodbye."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SUICIDAL_IDEATION
_MODERATE, _HIGH, _IMMINENT = Severity.MODERATE, Severity.HIGH, Severity.IMMINENT
_PLAIN, _GUARDED, _SOFT, _HINT = Strength.PLAIN, Strength.GUARDED, Strength.SOFT, Strength.HINT

WISH_TO_DIE = rule(
    "wish to die",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    want|wants|wanted|wish|wishing|prefer|ready|desperate|longing|tempted|wanting|hoping|craving to _ die
    i _ need|hope to _ die
    want|wants|wish|prefer|ready|wanting|longing to be _ dead
    WANT to _ DIE TONIGHT|NOW|so|really|badly
    want myself|me dead
    WANT i was|were|am dead
    WANT i _ could|would just? die
    WANT __ would just? let me die
    WANT i _ had? died
    WANT i __ die|died in my sleep
    hope|pray|hoping|praying|wish|beg|begging __ i __ die
    pray|praying __ for death
    why can i? not i? just? die
    why __ am i still alive
    let me die
    THINK|FEEL of|about|like _ dying
    THINK|FEEL _ of|about|like being dead
    THINK _ about|of _ death ___ i|my|constantly|all|lot|every
    i __ THINK about|of death all|every|constantly|lot|so|daily
    deserve|deserves __ to die
    i should|need|must|have be|to? dead|die
    i should be dead
    THINK _ about|of _ not being|existing|waking _ here|alive|around|$|anymore|up
    i should _ die
    i should have died
    NOT deserve _ to? live|life|exist|alive
    rather be dead
    rather __ not be alive
    not _ want to _ live $|anymore|like|another|through|here|now|but|and|because|i|this|life|if|for|with
    not _ want to _ live in this world
    not _ want to _ be alive
    not _ want to _ see tomorrow
    not want _ this? life anymore
    not _ want to make it to
    never want _ to wake up
    sick|tired of being alive
    death __ is|sounds|seems|feels|would|looks|be __ better|easier|peaceful|relief|good|nice|welcome|beautiful|comforting|answer|only|inviting
    only|way|ways __ out __ death|dying|die|suicide
    die|death is the? only
    dying is the? only
    no|only _ way out __ dying|death|die
    want death
    i am ready to die
    ready for death
    not afraid to die
    not scared to? of? die|dying|death anymore
    want to _ leave this world|earth|planet
    want to meet my maker
    want my life to end
    want my life to be over
    wish my life would|was end|over
    not _ want to live
    better if i DIE
    better if i was|were dead
    better off dead
    better dead
    easier if i was|were|just _ dead|died
    not care if i _ die|died|live|dead
    not care __ whether i live|die
    do not mind dying
    would be glad|happy|relieved to die
    not wait to die
    can not wait to die
    can not wait until i _ DEAD
    no will to live
    lost _ will to live
    lost _ my? the? will _ live
    want to join __ heaven|grave|other
    wish|wishing|hope|hoping|want|pray|praying __ my heart|lungs|body|brain __ stop|stopped|give|quit|fail|fails|gives|shut
    wish|wishing|hope|hoping|want to? __ just? stop breathing
    wish|wished|wishing it was|were|had _ me
    planning|plan|going|will|intend|want to be _ dead|buried|gone
    death|dying|suicide __ look|only|thing|all|comfort|comforting|relief|answer|hope _ forward|i|me|to|thing
    SUICIDE|dying|death __ on my mind
    SUICIDE|dying|death is all i
    all i __ THINK|think|want|dream __ is|about|of|to dying|death|suicide|die|dead
    die is all
    think __ would be better dead
    can not wait until it is over
    hope|wish|pray|hoping|wishing __ tomorrow|morning __ never|not comes|come|comes|happens
    if i had a _ gun|pills|rope|way|courage __ would|already|be __ used|dead|gone|now
    wish i had the _ guts|courage|strength|nerve|balls|means __ end|do|kill|it|go|jump
    guts|courage|nerve to _ end|kill|jump|do _ it|myself
    would|should have|be been? dead|gone _ long|already|by|now __ ago|now|if|not
    if it|not was|were|be not? not? for my|the _ kids|dog|cat|mom|family|sister|brother|daughter|son __ would|dead|gone|here|be
    i want|need|wanna die
    plan|planning|going|about on dying|death
    someone|somebody|anyone|please to? just? kill me
    want|wish|hope|need|pay __ someone|somebody|anyone|him|them to? _ kill|shoot|murder me
    wish|wished|should i? have? had? died in|that|when|then|instead|back|as
    should NOT have survived|lived|woken
    wish i had NOT survived|lived|woken
    had NOT|never survived|woken
    being dead|gone __ sounds|seems|feels|is|would __ peaceful|nice|good|better|easier|relief|relaxing|calm
    NOT existing|being|living __ sounds|seems|feels|is|would __ peaceful|nice|good|better|easier|relief|heaven|great|bliss
    dying|death|dead _ would|is|will|be __ better|easier|simpler|relief than|for|$|now
    death|dying would|will be _ mercy|relief|gift|blessing|freedom|release|escape|kindness|peaceful
    happier|better|easier dead
    yes to dying|death|suicide
    regret|regretting|hate surviving|survived|waking
    ready|want|wanting to stop living|existing|breathing
    put me out of
    deserve|want|wanting|earned death
    WANT to __ and die
    dead would _ fix|solve|be|end|help|stop
    """,
)

SUICIDE_PLAIN = rule(
    "killing oneself",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    WANT|THINK|TRY|will|going|urge|urges|planning|plan|fantasize|about|consider|considering|considered|not|ways|way|how|painless|easiest|afraid|scared|might|may|could|should|gotta|must|got __ KILL myself
    KILL myself TONIGHT|again|soon|because|someday|before|if|and|when|after|so|but|one
    WANT|THINK|will|going|TRY|should|might|could|urge|about|how|must __ end|ending|take|taking my own? life|existence
    end|ending|take|taking|took my own life
    ending my life
    THINK|WANT|will|going|about|planning|might|should|could|ready|decided __ end|ending it all|tonight|now|soon|forever|once
    THINK|WANT|will|going|about|planning|might|should|could|ready|decided __ end|ending everything|myself|things
    end it all
    WANT|THINK|TRY|will|going|might|should|could|how|urge|about|urges __ hang|hanging|drown|drowning|shoot|shooting|electrocute|suffocate myself
    i|me|TRY|urge|urges|about|myself __ WANT|THINK|will|going|how|urge|about|might|to __ overdose|overdosing|od
    hang|hanging|hung|hanged|drown|drowning|shoot|shooting|electrocute|suffocate|suffocating|strangle|poison|poisoning myself
    put a? bullet|gun _ in|to|through my|me
    blow|blowing|blew my brains|head
    WANT|THINK|TRY|will|going|might|should|could|urge|about|urges|me|keep|part __ JUMP __ off|from|into|onto|under|in _ HIGHPLACE|TRACKS|front
    about JUMP $
    almost|nearly jumped
    JUMP in front of|off
    i am _ SUICIDE
    i have been _ suicidal
    i __ FEEL __ suicidal
    SUICIDE thoughts|ideation|urges|impulses|feelings|tendencies|again|tonight|intentions|plan|plans
    THINK|WANT|TRY|planning|urge|urges|KEEP|about __ of|about|to|on|commit|committing suicide
    commit|committing suicide
    attempt|attempted|attempting suicide
    suicide attempt|attempts
    suicide is|seems|sounds|feels __ only|answer|option|solution|best|better|way|good
    my suicide
    slit|slitting|cut|cutting|slice|slash my _ wrists|throat
    WANT|THINK|will|going|about|ready|TRY __ off|neck|top|kill|delete|yeet|rope|unalive myself
    WANT|THINK|will|going|TRY|about|so|should|might|gotta __ kms|ctb|unalive
    kms so|fr|rn|tonight|for|right|and|because
    take __ AMOUNT __ PILLS __ die|sleep|end|never|gone|wake
    how many __ PILLS|MEANS __ die|kill|fatal|overdose|takes|take|lethal
    how|what|which __ lethal|fatal dose|amount
    lethal dose
    how much|many|high|deep|long __ to __ die|kill|bleed
    painless|easy|easiest|quick|quickest|best|fastest|peaceful|certain way|ways|method|methods __ die|kill|go|end|suicide
    ways|methods|way|method to|of _ die|dying|kill|suicide
    would|could|how _ do i? it|do __ end|kill|die _ myself|life|it|all
    how i would do it
    urge|urges|temptation to __ overdose|jump|hang|swallow|die|crash
    WANT|THINK|will|going|about|should|might __ swallow|take|down|eat __ all|whole|entire|every|everything|these|those|bunch|bottle _ PILLS
    drive|driving|drove|swerve|swerving|crash|crashing __ into|off|in _ TRACKS|wall|pole|bridge|cliff|oncoming|ditch
    walk|walking|step|stepping|run|running|lie|lay into|in|on|onto|front _ traffic|tracks|train
    i __ JUMP __ HIGHPLACE _ end|die|kill|tonight
    end|ended|ending my life
    close to _ KILL myself
    noone|nobody __ would|will __ stop|miss|care|notice __ if i _ KILL|hung|killed|died|dead|gone
    want to __ unalived|unalive|be unalived
    not KILL myself every|today
    picturing|picture|see|imagine|imagining myself __ hanging|dead|jumping|dying|coffin|bleeding
    plan|planning|planned my _ funeral|death|suicide
    write|writing|wrote|written my _ suicide|obituary
    voices|voice|brain|head|mind __ tell|tells|telling|says|saying _ me to? _ die|KILL|jump|end
    cut|slit|slitting|opened|opening|open|slicing my veins|vein|artery|throat
    jump|jumped|kick|kicked|step|stepped _ off|away the|a chair|stool
    rope|noose|beam|branch|belt _ broke|snapped|slipped
    drinking|drink|drank|swallow|swallowing bleach|poison|antifreeze to|and|will
    my attempt|attempts failed|fail
    attempt failed|last
    found|stopped|saved|caught me too early|soon|time
    coward|weak|pathetic for|to NOT __ KILL|killed|die|end myself|it
    NOT killed|kill myself yet|already
    SUICIDE|sui thoughts|ideation
    THINK|fantasize|fantasizing|dream|dreaming|imagine __ about|of _ crashing|hanging|drowning|jumping|overdosing|shooting|bleeding|swerving|suffocating
    searched|search|googled|googling|looked|looking|google|read __ how|what|ways __ drown|hang|overdose|die|bleed|suffocate|kill|suicide|lethal|noose|pills|death|painless
    how long __ takes|take|to __ drown|die|suffocate|hang|bleed|starve
    list|lists of ways|methods|reasons __ $|die|kill|to
    have|made|got|keep|wrote a list of ways
    do it do it
    head|brain|voice|voices|mind|it _ keeps|keep|is|are saying|telling|screaming|says|yelling __ do|die|jump|kill|end|worthless it|me|myself
    KILL myself or
    how|what many|much|dose __ PILLS|MEANS __ enough|need|required|needed|do|work
    PILLS would be enough
    voices|voice|brain|head|mind|thoughts __ tell|tells|telling|says|saying|screaming|whispering _ die|kill|jump|kys
    mind is made up
    made up my mind __ suicide|die|dying|death|it|end|going
    suicide is|about|plan|method|letter
    planning|planned|plotting|scheduled my _ suicide|death|exit
    """,
)

SUICIDE_PAST_ATTEMPT = rule(
    "attempt not long ago",
    _KIND,
    _HIGH,
    _PLAIN,
    """
    TRY to? __ KILL|end|hang|drown|overdose myself|it|life __ AGAIN|week|last|yesterday|days|hours|night
    yesterday|AGAIN|week __ i __ tried|attempted to __ KILL|die|end|overdose|hang
    TRY to _ KILL myself|it
    TRY to _ die|overdose|jump
    """,
)

BARE_KMS = rule(
    "said in short",
    _KIND,
    _HIGH,
    _SOFT,
    """
    KILL|killed myself
    to|will|just|should|gonna|going end|ending it $|now|tonight
    end my life
    want to DIE
    i __ death
    unalive myself
    want to end this $|all|life|pain|suffering|now|tonight
    want everything to end
    want it _ to be? end|over|stop
    want the? pain|hurt|hurting|suffering|noise|voices|everything|thoughts __ stop|end|over|away
    make it|everything|the _ stop
    yeet myself
    please just? kill me
    """,
)

PASSIVE = rule(
    "wish not to be",
    _KIND,
    _MODERATE,
    _GUARDED,
    """
    better off without me
    better without me
    EVERYONE __ better __ without me
    EVERYONE|it|things|life|world|better|happier|easier|relieved|best __ if i __ GONE|exist|existed|born|here|alive|disappeared|vanished|around|wake
    happier|easier|easy|relieved|fine|best|lighter|better|peace|peaceful without me|myself
    without me __ better|happier|easier|fine|relieved|best
    happier|relieved|glad|better|easier when|once|after i __ GONE
    do|be|manage __ better without me
    EVERYONE|my __ deserve|deserves|need|needs|wants|want __ without me
    EVERYONE|my __ deserve|deserves|needs|need _ someone|better|mother|father|mom|dad|person|one __ who|that|than is? not? me|i
    NOT _ want to _ wake up $|anymore|tomorrow|again|ever|in|and|because|i|from
    NOT _ wake up|waking ever|again|anymore|tomorrow|and
    if i __ NOT _ wake up
    hope|wish|pray|hoping|praying|want|wanting|wishing __ i? _ do|would|will|could|to|sleep|and NOT _ wake up $|tomorrow|again|ever|anymore|from|in|one
    sleep|asleep __ NOT _ wake up
    sleep|asleep and|to never wake
    hope|wish|pray __ never wake up
    WANT to _ sleep|rest forever
    sleep forever and|$
    fall asleep forever
    NOT _ want to _ exist|be $|anymore
    NOT _ want to _ exist|be ANYMORE|any
    NOT _ want to _ exist
    want to stop|not|cease|quit _ exist|existing|being|living|be
    wish|want to? i? __ stop|cease|stopped|ceased existing|exist
    easier|better|nicer|nice|peaceful|want|wish|prefer __ not|never|stop to? exist|existing|existed
    NOT _ want to _ be here anymore|$
    NOT _ want to _ be here
    NOT WANT to be on this earth|planet
    NOT _ want to _ be around anymore|$
    NOT _ want to be part of this world|life
    tired|sick|exhausted|exhausting|weary|done|bored|finished of|with|from _ existing|living|life|alive|existence|breathing|being|fighting|surviving|trying
    tired|sick of it all
    exhausted by|of|from _ existing|living|life|being
    wish|want|wished i _ was|were|am NOT _ here|alive|born|around|living|existing
    wish|wished i _ NOT|had|was|were never? NOT? been? _ born|existed|exist
    wish __ i had? never _ born|existed|woken
    never have|been|be _ born
    i should NOT _ have? _ born|exist|alive|here
    i should NOT be|have _ here|alive|born|exist
    i was|am a mistake
    NOT asked? ask to be born
    if i __ disappeared|vanished|died|gone|dead|die|disappear|vanish __ nobody|no|notice|care|miss|one|anyone|matter|would
    nobody|noone|no|one|who|anyone __ would|will|even|ever __ notice|care|miss|cry|mind __ if|me|once|when __ i|am __ GONE|died|disappeared|was|die|disappear|vanish|vanished|left|not
    nobody|noone|noone|even? would|will __ miss me
    nobody|no __ even? notice __ if i
    noone|would? would? miss me
    nobody needs me
    noone needs me
    world __ keep|go|goes|keeps|turn turning|on|fine without me
    nobody __ would|will|even care|notice|cry __ if|when i
    NOT see|the|see|seeing|feel|know|find __ point|purpose|reason|meaning _ in|of|to|anymore $|going|living|life|anymore|any|being|anything|it|continuing|carrying|trying|staying|live|existing|keep
    no|any|see point|reason|purpose|sense in|to|for _ living|going|anything|carrying|continuing|life|live|staying|stay|exist|existing|alive|waking|me _ $|anymore|on|i|and|alive|being|here|for|up|living|going|life
    no|any point in|to anything|me|life|living|existing|anymore|trying anymore|being|$
    no point|reason anymore|living
    what is|the|s __ point of|in|if|anymore __ living|life|alive|going|being|existing|anything|everything|any|it|me|this|trying|continuing|waking
    what am i __ living|alive|here|staying for
    why am i _ here|alive
    why do|should|would i _ bother|keep|go|live|wake|exist|try _ living|trying|on|existing|anymore|going|up|$
    why bother|keep|go living|going|trying|on|existing|anymore|with
    no|NOT _ any|a|have|find|single? reason|reasons|purpose _ to|for _ live|living|go|going|keep|continue|wake|alive|exist|existing
    no|NOT _ any|a|have|find|single? reason|reasons|purpose to|for stay|staying $|alive|here|around|on|anymore
    no|NOT _ any|a|have|find|single? reason|reasons|purpose left
    nothing|noone|nobody|not|anything _ left|more to|for _ live|living|stay|me|wake
    NOT have|got anything|nothing|much to live|stay|living _ for
    nothing __ live for
    nothing|something NOT? worth living|staying _ for
    nothing left for me
    nothing left to? _ give|live|here|lose|offer|fight
    nothing __ keeping|holding|stopping me _ here|alive|anymore|going
    only __ thing|reason|person __ keeping|keeps|stopping|stops|holding|still _ me|i _ here|alive|going|from|am
    only __ reason __ i __ alive|here|still
    life|living|it|this NOT _ worth living|it|anymore
    NOT worth _ living|life|being alive|it? anymore
    not worth living
    life|existence|living|existing _ is|feels|seems|became|just _ pointless|meaningless|unbearable|hopeless|torture|empty
    my life _ is|feels|seems|has|became _ pointless|meaningless|empty|unbearable|hopeless|torture|hell|worthless|useless|nothing|painful|exhausting|ruined
    living|existing|alive is|feels _ painful|exhausting|suffering|torture|unbearable
    living|existing|waking|alive is|feels _ hell __ me|my|anymore|every|$
    life|living|existing hurts
    life has|lost|without __ meaning|purpose
    done with|living _ life|living|everything|this _ world|life|all
    done living|existing|being
    i _ am __ done|through|finished|over with _ life|living|everything|existing|world|it|all
    i am __ a|just|such|only __ burden|waste|dead weight|mistake|failure|disgrace|nobody
    burden on|to|for _ everyone|family|them|everybody|my|people|others|mom|dad|you|all|friends|parents|husband|wife|kids
    FEEL like|i _ am? _ a? burden
    NOT|anymore|hard|reason|why|not remember|find|know|reason|see __ i|to|should|supposed __ stay|be|keep|live|remain alive|living
    no|lost|without|zero|any hope|future left|anymore|$|for
    lost all hope
    lost|no _ will to
    hopeless|helpless and|anymore|about|i|nothing|$|completely|like
    i __ hopeless $|and|about|anymore|now|i|like|because|so
    FEEL __ hopeless|worthless|empty|numb|nothing|trapped|dead|broken inside|anymore|and|all|$
    FEEL dead inside
    already dead|died inside|$
    dead inside and|waiting|already
    NOT see|imagine|have|picture __ a|my|any|myself|past|making future|birthday|getting|older|old|tomorrow|year
    NOT|nothing|no|never ___ ever|going|get|will get better|improve
    would NOT|not _ mind|care|fight __ if _ i|car|truck|bus|something|someone|plane|meteor|lightning|it
    would NOT|not|be _ mind|care|fine|ok|okay|happy|relieved|glad __ if _ i|car|truck|bus|something|someone|plane|the _ hit|died|die|killed|crashed|happened|dead|gone|disappeared|did|never|ran|got
    if i __ hit|run|struck|killed|murdered|shot by|over|in __ fine|ok|okay|care|relief|relieved|mind|happy|good
    hope|wish|pray|hoping|wishing __ car|truck|bus|something|someone|plane|cancer|accident|lightning|meteor __ hit|hits|happen|happens|kill|kills|crash|crashes|swallow|shoot|shoots|takes to? me
    hope|wish|pray|hoping|wishing __ car|truck|bus|plane|something __ hits|crashes|kills|happens
    hope|wish|wishing i _ get|got|have|had _ hit|cancer|killed|shot|run|sick|murdered|accident|struck|died|die
    hope __ something|someone _ happens|happen to|kills me
    WANT to _ DISAPPEAR $|forever|and|from|completely|so|off|into|but|for|anymore|because
    WANT i _ could|would _ DISAPPEAR
    WANT __ DISAPPEAR __ never|forever|nobody|earth|good|dead|exist|back
    i|to|just|want|could _ fade|fading away _ $|forever|into
    want|need a? way? out $|of|now|so|from
    i want out
    NOT|nothing|no|never _ a? way|escape|exit|light out|of|at|anymore|tunnel|end
    give|giving|gave|ready __ up on _ everything|life|myself|living|all|it
    giving|gave|give|given up __ life|living|everything|hope|myself|trying|all
    i am _ giving up $
    i __ NOT _ go|keep|carry on|going|living|fighting|trying|pretending|surviving _ anymore|like|with|longer|living|another|this|$
    NOT _ live|handle|bear|stand|face|cope|survive like|with|life|being|living|the|this _ anymore|pain|life|alive|longer|living
    NOT _ do|take|handle life|living _ anymore|longer|$
    i _ NOT _ take|do|handle|bear|fight|continue this|it|life|the|another __ anymore|pain|longer|day|life
    do not want to do|live|continue|keep|go _ this|life|on|going|living __ life|anymore|living|longer
    NOT _ keep|carry|go going|on|living
    NOT go on
    NOT have|got|any|the _ strength|energy|fight|will _ to|left|in|for _ live|keep|go|me|continue|on|fight|anymore|exist|left
    NOT belong __ in|on|this|anywhere|here world|earth|life|anymore|planet|$
    NOT meant|supposed|made|cut|built to|for _ be|live|exist|life|this|here _ here|alive|world|life|long|$
    nobody|noone|not|no __ care|cares|notice|cry|miss __ if i __ die|died|lived|live|dead|gone|alive|stopped|left
    world __ better|without|fine|turning|same|move|go __ without me
    take me|i away|instead from|of? this|here|now|life|god
    wish|want|should it|that|god|have __ was|had|have been|taken me instead
    should have been me
    god __ take me
    take me now|please|already
    survive|surviving not living
    existing not|rather living|than
    just __ existing
    NOT feel __ alive|real|human|worth|anything anymore
    waiting for __ end|die|death|over|it|my to? end|die|life|over|death|$
    counting down __ die|end|over|gone
    not|NOT _ face|do|survive|take|live|make _ another|one|tomorrow|more day|night|year|week|more
    NOT _ make|get|live|survive __ through|to|past __ tonight|night|week|month|year|birthday|day|christmas|winter|tomorrow|weekend|another
    so|too tired of|to __ life|living|live|exist|being|fight|fighting|everything|pretending|trying
    WANT to __ be with _ mom|dad|grandma|grandpa|him|her|them|brother|sister|son|daughter|baby __ heaven|again|side|dead|up|where
    worth more dead
    more dead than alive
    insurance|money __ worth|more|than __ dead|alive|me
    NOT|hard|hardly see|recognize|find __ reason|reasons __ stay|live|keep|wake|here
    waste|wasting|taking|taken|take of|up __ space|oxygen|air|skin
    if i _ did|do|had|was NOT _ exist|here|born|around|alive|wake
    i just? can not anymore
    i can not anymore $
    god|jesus|lord|universe|allah|please|somebody|someone __ take|takes|took me
    NOT see|picture|imagine|think|believe myself|me|i __ alive|living|being|reaching|past|old|older|making|make|reach|around|graduating
    why __ i should|would|stick|bother|keep __ stick|around|trying|going|living|on
    NOT know|see why i should|would|even|am|bother|keep|still __ stick|around|trying|going|living|on|alive|here|exist|anymore
    what|whats is even? the? point of|in getting|any|this|going|trying|waking
    NOT made|built|meant for this life|world
    want|need|wish it|this|everything to|would just? __ go|be away|over forever|for
    i do not __ deserve to? be|exist here|alive
    nice|good|great|peaceful|easier|lovely|better __ it? would|will be|feel __ to just? not|never be|exist|wake|feel
    just not be $|anymore|here|alive
    stop|stopped being $|here|alive|a|me
    who would|will __ come|go|be|cry|show|attend __ funeral|miss|care|me
    my|own funeral
    left|anything|what|there to live for
    hope|wish|want|hoping|wishing __ plane|train|bus|car|elevator|building|ship __ goes|go|falls|fall|crashes|crash|explodes|burns down|i|with|when|me
    life __ is|was NOT for me|worth|made
    already gone|dead and|inside|no|nobody|$
    like|am|became|become a ghost
    waking up is|feels|hurts _ worst|hell|torture|hardest|punishment|disappointment|curse|disappointed
    disappointed|angry|sad|upset|mad|cry|hate __ when|that|i|every _ wake|woke|waking up
    wish i would|did|had|could NOT _ wake|$|woken|have|be|exist|to
    they|everyone|family|mom|dad|parents|all|people would|will _ be _ relieved|happier|glad
    nothing but a? trouble|burden|problem|problems|disappointment|pain|waste
    be forgotten|erased
    erase|erased|delete me|myself|existence
    would|will|does anyone|anybody|someone|they|nobody|people even? _ look|search|notice|miss|care|cry|find __ if|for|me|when _ me|i __ vanished|disappeared|gone|died|left|stopped
    each|every day|morning|time __ wake|woke up|disappointed __ disappointed|that|i|again|still|alive|hate
    wake|woke|waking up __ disappointed|angry|sad|mad|hate|crying|regret
    NOT meant|supposed|going|expect|expected|plan|want|feel to _ live|make|be|reach|get|see past|to|old|older|it|longer
    my existence|birth|life _ is|was a? _ mistake|burden|joke|waste|accident|curse|error
    pray|hope|wish|praying|wishing|hoping for _ accident|illness|cancer|aneurysm|end|death|disease|sign
    what am i __ doing on this? _ earth|planet|here|world
    what am i even|still here|doing|alive for
    if __ truck|car|bus|train|bullet|someone __ came|hit|tried|pulled|shot|coming|drove __ would NOT _ move|dodge|run|care|stop|mind|fight|scream|resist
    easier|better|happier|lighter|calmer|peaceful life|lives|time __ without|if me|i
    cry for a week|day|month|bit
    earth|ground|sea|ocean|floor|world __ swallow|swallows|take|takes me|up
    go to sleep and|to stay|never|not|sleep
    stay asleep forever|$|and|for
    fall asleep and never|not|stay
    NOT have it in me
    NOT have __ in me to __ living|go|fight|carry|keep|continue|anymore
    why stay|continue|bother|keep|fight|live|exist $|alive|anymore|here|when|if|at
    why should|would|do i stay|live|exist|keep|even
    i __ invisible __ why|disappear|gone|nobody|stay|anymore|die|exist
    like living|existing|going this|on anymore
    future is|looks|seems|just _ black|dark|gone|empty|over|nothing|bleak
    switch|turn|shut myself off
    i have stopped caring if|whether|about i|me|living
    stopped caring if|whether i
    life has no|zero value|worth|purpose|point|meaning|direction|use
    NOT feel like living|existing|waking|being _ $|alive|anymore|here|today|around|and|up
    run|running|ran|out out? of reasons|hope|fight|strength|will
    too|so tired to be|live|exist|go|keep|fight|carry|survive __ person|human|on|anymore|alive|going|life|$
    until|till|waiting|wait _ it|this|everything|life|i ends|over|die|dies
    one less person|mouth|burden|problem
    everyone|they|family|people|all _ secretly? wants|want|wish me gone|dead|out|away
    whatever it takes __ stop|end|pain
    life|living|it hurts to live|exist|breathe|be
    nothing _ waiting|left|ahead|out for me
    no|NOT _ reason to be|get|wake up? $|here|alive|anymore
    nothing makes me want __ stay|live|get|wake|go
    what is the point of me|my|existing|being
    life|living _ NOT _ worth living|it|anymore|the|all
    NOT care what happens to me
    better off if i __ never|not
    """,
)

OVERWHELMED = rule(
    "no strength to go on",
    _KIND,
    _MODERATE,
    _SOFT,
    """
    NOT do this|it|life _ anymore|longer
    NOT take this|it|much _ anymore|longer|more
    NOT live like this
    no way out
    WANT to _ DISAPPEAR|vanish
    i just want to _ DISAPPEAR
    WANT to _ be _ gone
    WANT to _ go away forever
    WANT to _ stop living|existing|being
    what is the point anymore
    everything is|feels _ pointless|hopeless|meaningless
    nothing matters|helps _ anymore|$
    i am done $
    my life is over
    so done with life|everything|living
    i hate|despise being alive
    i hate myself
    i hate living|waking
    i am worthless|nothing|useless
    nobody|noone cares|loves _ about? me
    nobody|noone would|will|even _ care|notice|miss
    noone __ would|will|ever _ care|notice|miss|cries $|if|me|about|when
    noone cares
    all _ my fault
    tired of everything
    i want it to stop
    i want everything to stop
    i want out
    disappear forever
    i do not matter
    can not cope|anymore
    """,
)

PLAN = rule(
    "plan, means or time",
    _KIND,
    _IMMINENT,
    _GUARDED,
    """
    WANT|will|going|gonna|planning|decided|plan __ KILL|hang|shoot|drown|overdose|poison myself __ TONIGHT
    TONIGHT __ WANT|will|going|gonna|planning|am __ KILL|end|hang|die|overdose|jump|do myself|it|all|$
    KILL|end|ending|off|unalive|hang myself|it|all|everything|life|things __ TONIGHT
    i am|will __ KILL|hanging|shooting|drowning|end|ending|killing|overdose|overdosing|die|dying|jump|jumping|do|doing|hang myself?|it? tonight|tomorrow|this
    will|going to _ end it _ TONIGHT|once|after|before|when|as|all
    going to die tonight|tomorrow|soon
    going to _ KILL myself
    going to __ JUMP __ HIGHPLACE|TRACKS|front
    going to jump $
    will jump $
    WANT|will|going __ kms tonight|tomorrow|later|now
    kms tonight|tomorrow|later
    tonight|today __ is|will __ the night|day|end|last
    TONIGHT is my last
    my last night|day __ on|alive|earth|here|$
    my|be|is __ last night|day|sunset|sunrise|birthday|christmas|morning|meal _ alive|on|ever|earth
    last night on|alive earth|$
    picked|chose|chosen|picking|marked a|the|my|out _ date|day|spot|bridge|place|tree|building|method|roof|time
    have|set|got|decided a|the|on|my _ date|method
    i have _ a|my plan __ KILL|end|die|suicide|need|what|means|tonight|set|how|ready|and
    have|made|got|know __ plan|plans|planned __ to|for _ die|end|KILL|do|suicide|death|go
    i have a? plan and
    know|decided|figured|planned|sure exactly? how|when|where i _ will|am|want|would|going __ do|die|kill|end|it|go
    i have|made up? my mind __ die|kill|alive|going|done|end|not|here|anymore
    decided|ready|going|going to go through with it
    go|going|went through with it
    have|got|there|i|bought|keep|found|grabbed __ gun|pistol|shotgun|rifle|noose|revolver __ my|head|loaded|hand|mouth|next|lap|ready|drawer|me|bed|here|now|tonight|closet|bag
    have|got|holding|hold|with|keep|there|bought __ SCARYMEANS
    noose __ is|ready|tied|made|hanging|up
    tied|tie|tying|made|make|hung|hanging|put|set __ noose|rope|belt|cord|sheet __ beam|neck|ceiling|fan|tree|garage|rail|up|attic|door|closet|basement|hook|ready
    made|tied|tying|make|making|tie a|the|my noose
    noose|rope|belt|cord around|round my neck
    gun|knife|razor|blade|pistol|barrel|glass|scissors __ to|at|against|on|in|near _ my|me __ head|wrist|wrists|throat|mouth|temple|neck|arm|vein|heart|chest
    loaded|loading|load|cocked|cleaning __ GUN
    GUN is|was|are _ loaded
    i|my __ GUN __ loaded
    GUN __ next|beside|near|under _ me|bed|pillow
    bullet with|has my name
    the? bullet|bullets __ in|chamber|ready
    MEANS __ READY __ tonight|i|now|me|and
    PILLS __ lined|laid|counted|ready|crushed|poured|sorted|spread|front|hand|hands|lap
    count|counted|counting|lined|lining|crushed|crushing|poured|laid __ the|my|out|up|all PILLS
    i have _ the|all|enough|my|these|so|a|two|three __ PILLS __ ready|here|beside|next|front|enough|hand|saved|tonight|lined|desk|drawer|bed|hidden|die|end|now|overdose
    have|got|have enough|the PILLS __ to|for|now|$
    enough PILLS
    SAVED __ PILLS
    SAVED my|up|all|the _ PILLS
    i|have __ PILLS __ enough
    all|it|everything __ ready __ rope|chair|letter|pills|note|gun|noose|razor|tonight
    rope|noose __ and __ chair|stool|beam|letter|note
    bought|buy|got|ordered|buying|order|found|stole|have __ rope|gun|pills|razor|blades|charcoal|helium|bleach|bullets|insulin __ to|for __ die|kill|end|myself|hang|it|tonight|suicide|death
    rope|gun|pills|knife|razor|blade|noose __ keep|kept|keeps|not|can|not stop? looking|staring|thinking|calling
    look|looking|stare|staring|stared at __ gun|rope|noose|pills|bridge|tracks|bottle
    i am|standing|sitting|here|stood|now _ on|at|near|by|over|climbed __ edge|ledge|railing|tracks|parapet|rails
    on|at|up|to|by the|a|this __ HIGHPLACE|tracks|edge|ledge __ jump|looking|tonight|goodbye|ready|die|crying|scared|jumping
    i am|sitting|standing|stood _ on|at the|a|this __ HIGHPLACE __ now|alone|down|going|will|not
    i am __ on|at the|a|this __ bridge|ledge|cliff|tracks|railing|overpass|edge $|now|and|right|looking|alone|ready
    HIGHPLACE __ looking|look|stare|staring down
    i am up here|high now|and|alone
    take|taking|swallow|swallowing __ all|whole|every|entire|bottle|everything|rest __ tonight|now|PILLS|them|and
    took|swallowed|downed|taken __ all|whole|entire|everything|every|bottle|bunch|handful|overdose|too __ PILLS|bottle|die|them|cabinet|box|pack|packet|goodbye|sleep|of
    took|swallowed|downed|taken _ them all
    took|swallowed|taken them|it _ all
    all of them _ the|whole|bottle
    i __ took|swallowed|overdosed|overdose __ want|wanted|to|so|because __ die|dead|death
    overdosed __ on|to purpose|die|end
    already|just|i __ took|taken _ all|enough|the|my|too pills|tablets|overdose|everything $|now|already|goodbye|bye|and
    it is|its|am already|too _ done|late __ took|pills|stop|swallowed|all|goodbye|now|sorry
    you|nobody|no|one|not|not|not? stop me
    do|doing|done it now|tonight|tomorrow
    am|are|will|going __ do|doing|did it tonight|now|tomorrow
    tonight i am|will|going _ doing|do|go|going|it
    after|when|once|before|as|while __ asleep|sleep|work|school|home|leave|leaves|sleeps|bed|away|everyone|out __ will|going|am __ KILL|do|end|jump|die|it|myself
    going|will|WANT|decided|ready|planning __ end it|everything|things after|when|once|before|this|tonight|tomorrow|while
    end it|life after|when|once|before
    overdose|OVERDOSE tonight|tomorrow|later
    going|will|planning to _ overdose|od
    i _ know the code
    bathtub|bath|tub __ razor|blade|toaster|knife
    will|going|gonna __ be on|at|under the _ tracks|rails|bridge|roof|rooftop
    going|gonna|will|about to? try|do it? again
    helium __ bag|tank
    exit bag
    sorry|apologize|apologies to whoever|who|anyone|the _ finds|find|cleans|driver
    holding|hold|have|got|emptied|poured|counted __ PILLS __ hand|hands|palm|lap|floor
    so|this many PILLS
    rope|noose|belt is|already|hangs|hanging _ up|ready|waiting|tied|here|hanging
    i am|will|going __ NOT __ plan|planning|coming|going|come|be|get on? coming|driving|going|back|home|return _ home|back
    NOT coming back|home _ $|from|this|ever|tonight|alive|anymore
    when i am|will going? to? _ do|doing it
    am|will|going to do|doing it __ nobody|no|alone|asleep|wakes|awake|stop|night|finally|this|at
    nobody|noone|noone __ awake|home|here|around to stop
    to stop me
    got|get|took|have|stole|found|holding|grabbed _ the|a|dads|my|his __ gun|pistol|revolver|rifle from|out|in|off __ safe|closet|drawer|hand|hands|heavy|car|mouth|lap|cabinet
    razor|blade|knife __ bath|tub|running|water
    bath|tub|water __ razor|blade|knife
    rid of me
    finally __ rest|free|peace|over|be __ good|forever|end|tonight|last|soon
    body bag
    i|me|be __ in a coffin|casket|body|grave|morgue|urn soon|tomorrow|by|tonight|next|before
    buried|cremated next|by|tomorrow|soon
    out of here for|forever good|forever
    bought|have|got|ordered|everything what|all|everything i need __ end|die|tonight|do|for|this|kill|$
    everything|all i need to __ end|die|do|kill
    next train|bus|truck|one is mine|for|has
    at|on the station|platform|tracks|crossing __ train|next|jump|mine|tracks|goodbye
    updated|signed|wrote|typed|writing|finished|made|printed __ up? my will last|tonight|left|leaving|laptop|for|goodbye|dog|because|already
    left|leaving|leave my laptop|stuff|things|money|dog|cat|savings|car|everything|guitar to|for you|my|him|her|sister|brother|friend
    affairs in order
    bottle|box|packet is empty|gone now|all|just
    think|guess|so this is it
    this is it guys|everyone|goodbye|bye|folks|take|love|friends|for|thanks
    standing|stood|stand|climbed|step on a|the|my chair|stool|ledge|railing|edge|windowsill|sill
    heading|going|climbing|walked|went|climbed|go up? to|on|onto|up the _ roof|rooftop|bridge|cliff|tracks|ledge __ NOT|follow|stop|now|bye|goodbye|alone|finally|look|sorry|find|end
    do not follow|find|look|come|search|stop for? me
    NOT look|search|come|wait for|looking me
    NOT her|his|your|their|anyones|anybodys|moms|dads fault
    plan|day|date is|for _ friday|monday|tuesday|wednesday|thursday|saturday|sunday|tonight|tomorrow __ no|home|nobody|alone|gone|end|die|finally
    where the artery|arteries|vein|jugular|veins is|are
    sharpened|cleaned the|my knife|blade|razor
    turned|turn|left|open|opened|turning|put on? the gas|oven
    gas is|oven on
    engine|car running __ garage|closed|hose|windows
    car|hose __ garage __ engine|running|closed|exhaust
    carbon monoxide
    took|swallowed them|it all? $|already|and|now|minutes|hour|tonight
    i _ did it __ took|swallowed|pills|goodbye|feeling
    feel|feeling|getting sleepy|drowsy|dizzy|numb already|now __ took|pills|goodbye|bye|goodnight|sorry
    last sunset|sunrise|song|cigarette|meal|drink|walk|look|dinner|game|quest|ride then|before __ jump|die|go|end|kill|do|goodbye|over
    then i jump|die|end|go|swallow|cut
    there will be no|not me|more
    will NOT __ make|get|live to|through|past|until|till monday|tuesday|wednesday|thursday|friday|saturday|sunday|next|tomorrow|morning|christmas|my|graduation|summer|spring|new
    NOT make it to|through|past|until _ monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|morning|christmas|birthday|graduation|summer
    bought|got|have|ordered a|the|my gun|noose|helium|shotgun|pistol|rifle __ today|yesterday|waiting|period|finally|ready|bullets|loaded
    pills are|is|meds working|kicking|taking|starting
    before i go|leave|die __ pills|forever|bye|goodbye|last|nice|happy
    it will be quick|fast|painless
    at|on the _ HIGHPLACE|tracks __ quiet|calm|peaceful|cold|thanks|thank|sorry|goodbye|beautiful|windy
    rope|noose|belt|cord is _ around|round|on _ neck|my
    i am jumping|leaping|stepping|hanging _ $|now|tonight|off|when|soon|in
    it happens|ends|stops tonight|today|now|tomorrow
    pills are|is in my mouth|hand|stomach|body
    safety is off
    walking|going|heading|driving|went|way|drove to|onto the train? tracks|rails
    PILLS and|with|plus? ALCOHOL|vodka|whiskey
    leaving my phone here|behind|home
    on|at|from|near the edge|ledge|rim|top of __ quarry|cliff|roof|bridge|building|pier|platform|tower|dam|waterfall|world
    TONIGHT i die|end|jump|go|leave
    i die|end|jump|hang|disappear tonight|tomorrow|today
    swallow|take|swallowing|taking everything|all in|from the cabinet|drawer|bathroom|house|cupboard
    date with the __ train|bridge|rope|death|tracks
    cord|rope|belt|sheet|scarf|wire around|round my neck
    wrapped|tied|put a|the|my cord|rope|belt|sheet|scarf|wire around|round|on|to
    """,
)

FAREWELL = rule(
    "goodbye",
    _KIND,
    _IMMINENT,
    _GUARDED,
    """
    wrote|written|writing|write|left|leaving|finished|have|wrote|typed __ suicide|goodbye|farewell|final|last note|notes|letter|letters|message|messages|will|video
    suicide|goodbye|farewell note|notes|letter|letters|video
    wrote|written|writing|finished|left __ the|my|all|their notes|letters|goodbyes|note|letter already|everyone|to|$
    wrote|written|writing|left _ a|the|my letter|note to|for everyone|family|my|parents|kids _ $|already|and|they|parents|family|friends
    wrote|written|writing|finished letters|goodbyes
    NOTE is|are __ under|on|table|desk|pillow|drawer|bed|ready|written|done|sealed|written|find
    letters|letter|notes __ one for|to
    they|you|mom|someone|will|parents|dad __ find __ note|letter|letters|body|me|it in|tomorrow|dead|morning|after|when
    find my body
    last|final time __ you|anyone __ hear|see|talk|read|hears|sees|will|from|ever
    last|final time __ i|we|will __ speak|talk|write|text|log|message|say|play __ ever|here|goodbye|thank|sorry|you|alive|in
    last|final message|words|goodbye|post|text|letter __ from|i|to|ever|me|goodbye|world|send|will|you
    this is|will|be|my _ my|the|a _ last|final message|words|goodbye|post|text|letter
    take|look|looks|looking|took|promise|someone|you|feed|care __ after|care|look|of __ my|the|him|her|them|PET __ when|after|once|if i __ GONE|not|here|leave|die
    take|look|please care|after|of __ my PET __ gone|dead|when|after|me
    after|when|once|since|by|until i am|have|will|be _ GONE
    after|when i die|have died|passed
    when i am|will _ no|not __ here|around|anymore|longer|alive
    by the time|when __ you|anyone|they|someone __ read|reads|see|get|find|finds|sees|reading|wakes|wake this|it|me|up|home
    if you __ reading|read this __ GONE|dead|already|late|sorry|am|it
    i __ will|would|going|to NOT _ be here|around|alive|there|breathing|anymore|waking __ tomorrow|anymore|next|week|morning|monday|birthday|weekend|year|long|longer|much|soon|christmas|when|by|later|summer|then
    will not be here|alive|around _ anymore|tomorrow|long|much|soon|longer
    NOT going to be|around|here|alive around|here|alive|anymore|tomorrow _ for|anymore|tomorrow|long|much|to|on|by|next|soon|longer|when
    will _ be gone by|tomorrow|soon|in|before|when|tonight|anyway|forever|then|monday
    i will _ be _ dead|gone _ by|soon|tomorrow|in|before|when|tonight
    going to be _ dead|gone _ by|soon|tomorrow|in|before|tonight
    will NOT|never _ see|wake|reach|live|make|be _ tomorrow|up|morning|another|next|my|you|sunrise|alive __ again|birthday|tomorrow|morning|up|anymore|christmas|day|week|year|$
    will NOT see tomorrow
    NOT be alive __ on|by|for|tomorrow|my|when|next
    you|they|nobody|everyone will|would NOT|never _ have|need|see|hear _ to|from|me|worry _ worry|again|me|about|deal|anymore|about
    will NOT have to _ deal|worry|bother|see|put|hear __ me __ anymore|again|longer|$|soon
    never _ see|hear|talk|bother __ me|you _ again|anymore
    goodbye|bye|farewell __ forever|world|life|last|final|never|anymore|cruel|ever|eternity|good
    bye __ forever|last|finally|over
    goodnight|night|sleep|bye _ forever
    say|saying|said my|our|your|the|all _ goodbye|goodbyes|farewells
    say|saying|said|wanted|want|here _ to? goodbye|bye _ to|everyone|you|forever|before|and|$
    wanted|want to say bye|goodbye
    just wanted|want|came __ say goodbye|bye
    this is __ goodbye|farewell
    tell my mom|dad|sister|brother|family|kids|friends|parents|wife|husband|daughter|son|dog|boyfriend|girlfriend|mother|father __ i __ love|loved|sorry|tried
    give __ my PET|stuff|things __ to|when __ gone|dead|after|someone|die
    no|NOT need|use|point|longer __ where _ i|am going
    where i am going
    leaving this|the|forever world|earth|life|place|forever _ tonight|soon|forever|for|today|tomorrow|$|behind|now
    leave|leaving this|the world|earth|planet|life
    log|logging|logged|signing|sign|sign off|out|off __ good|forever|life|permanently
    for good _ and? i? mean? life|forever|this
    see you|u|everyone __ other side|heaven|next life|hell
    meet|see|join|with|be __ heaven|afterlife|other side _ soon|tonight|again|$|now
    thank|thanks|thankful __ everything|adventures|listening|memories|all __ goodbye|bye|gone|sorry|over|forever|end
    goodbye|bye __ world|everyone|all|you|friends|mom|dad|guys|family __ sorry|love|loved|gone|tried|forever|over|please|time|could|thank|look|was
    sorry _ mom|dad|everyone|family|friends|guys|mother __ tried|could|love|loved|forgive
    deleted|delete|deleting|closed __ accounts|account|everything|socials|photos __ easier|dead|gone|after|die|goodbye|find|them|no|so
    easier for|on __ them|everyone|family|mom after|when|once|if|without i|me
    gave|giving|give|given|sold away? __ my|all|everything __ guitar|stuff|things|games|dog|clothes|belongings|cat|everything|possessions|account|items|savings|pets|pet|console|collection|jewelry __ no|need|gone|anymore|where|goodbye|going|longer|matter
    someone|you|she|he else? can|could|should have|take|get|keep my _ character|stuff|things|account|dog|cat|room|games|clothes
    found|find me _ dead|hanging|body|in
    over for me|tonight|now tonight|$|now|soon|forever
    finally|soon|almost|it __ over _ for me
    it will|is|be all|finally|soon|going _ be? over _ soon|tonight|tomorrow|now|for
    soon i|it|this __ be|will __ free|over|peace|gone|nothing|pain|better|dead
    my last|final goodbye|wish|wishes|words
    i love you all|guys|so __ goodbye|sorry|bye|forever
    forgive me __ do|going|gone|leaving|goodbye|about|leave
    sorry __ could|can|did NOT _ stay|hold|stronger|strong|fight|live|longer|make|do|save
    i am sorry __ for|about|what __ i|am __ about|going|do|leaving
    remember me when|after|as
    NOT be|will|get|wait|up|wake __ sad|cry|miss|mourn __ when|after|me|i _ GONE|am|go|die
    dont|not be|cry sad|cry for|about|when me|i|gone
    do not try to|and|bother stop|save|find me
    do not|not|no|nobody can? try|stop|find|save __ me __ late|already|done|time|now
    when|before|after|by you|they|everyone|she|he find|finds|found|hear|hears|heard out|about
    do not be mad|angry|sad|upset at|with|about|when|for me|i|what|$
    whoever|who finds|find me|my|this
    said|saying|say|told goodbye|bye to __ brother|sister|mom|dad|everyone|friends|dog|kids|family
    will|wont|would NOT _ see|hear|have|hearing|worry __ me __ online|again|anymore|ever|longer
    nobody|everyone|they|you|noone|mom|family __ will|has|have|need|would|longer NOT? __ worry about me
    it will|is|be _ all _ over __ nobody|worry|tonight|hour|soon|minutes|tomorrow
    in _ hour|minutes|hours|while it|this|everything|i _ will|be _ all? over|gone|dead|done
    i mean ever|forever|life
    by sunrise|morning|dawn|midnight|tonight __ gone|dead|over|me|free
    gone|dead|over __ by|before sunrise|morning|dawn|midnight
    nobody|noone|they|someone|you will|would _ find me|it|my|out __ till|until|before|monday|tuesday|wednesday|thursday|friday|saturday|sunday|days|tomorrow|morning|late
    told|tell|telling|kissed|hugged my? PET goodbye|bye
    goodnight|goodbye|bye|night|hugged|hug|kissed|kiss|saw|see|seeing|love|told __ for the last|final time
    last|only|final thing left|i to? have? _ do|is|to __ write|goodbye|letter|note|mom|call|hug|say|tell|die
    if i am|do NOT __ online|tomorrow|morning|answer|reply|back|wake|text __ know why|what|sorry|goodbye
    letter|note is in|on|under the|my drawer|desk|table|pillow|pocket|bed|backpack
    this is where i get|step|stop|leave|end|jump
    will NOT need _ birthday|christmas|present|presents|gift|ticket|school|tomorrow|it|them|anything _ this|anymore|where|year|next|$
    NOT promise __ alive|here|around|safe|wake|see
    find|finds me in the morning|tomorrow
    """,
)

HINTS = rule(
    "sign of a goodbye or a plan",
    _KIND,
    _HIGH,
    _HINT,
    """
    kms
    kill me
    end me
    gave|giving|give|given|sold away? __ my|all __ guitar|stuff|things|games|dog|clothes|belongings|cat|everything|possessions|savings|console
    thank you for everything|listening|all
    thanks for everything|listening|all
    you were the|always only one|there
    goodbye
    bye
    goodbye everyone|all
    i am sorry
    nobody is home|awake
    nobody|noone knows|notices
    last time i log|play|post|write
    last night
    the last time
    deleted __ accounts|everything|photos
    cleaned my room
    do not|nobody tell|call|stop anyone|nobody|police|me
    tell nobody
    forgive me
    it feels|is|so|finally _ calm|peaceful|peace
    at peace
    have|got|hold|holding|with __ MEANS
    bought|found|got|ordered a|the|some|my rope|gun|razor|knife|blades
    PILLS __ desk|table|drawer|hand|here|front|bed|next|me
    the|a gun|rope|razor|blade|noose|pills
    gun __ closet|drawer|safe|house|home
    on|at|by|near the|a roof|bridge|ledge|tracks|cliff|edge|balcony|rooftop
    standing|sitting|stood on|at|by
    i|we _ up here
    drove|walking|walk|going|driving to the|a bridge|cliff|tracks|river|lake|roof
    does it|dying hurt
    what happens when|after you|we|i die
    find out tonight|soon
    from the NUMBER floor
    falling
    i want it to end
    want it to end|stop|over
    it is over
    scared
    can not|not stop crying
    crying
    alone
    tonight
    already done
    i took|swallowed them|it|all
    whole|entire bottle|box|packet|pack
    all of them
    it will|be|is _ over soon
    i love you all|guys
    i have|got a plan
    wrote|writing|written a|my|the note|will|letter|letters|poem
    hate myself|everything|life
    i hate this
    alone|lonely|empty|hopeless|worthless|numb|hopelessness
    NOT|anymore feel anything
    nobody understands|listens|cares|believes
    can not|not sleep|eat anymore
    i am|just so? tired
    no friends
    failure
    i give up
    this time
    not joking|kidding
    chair|stool
    going to do it
    drove|walked|went|came _ to the|a cliff|bridge|tracks|river|roof|edge
    nobody wants|loves me
    hate my life
    wrote|left a|the note|letter
    not see the point
    what is _ the point
    tell him|her|them|everyone _ i love|loved
    i ruin|ruined|ruined everything|it
    hurts|hurt so|too much
    pain
    the end
    """,
)

SUICIDE_RULES = (
    *WISH_TO_DIE,
    *SUICIDE_PLAIN,
    *SUICIDE_PAST_ATTEMPT,
    *BARE_KMS,
    *PASSIVE,
    *OVERWHELMED,
    *PLAN,
    *FAREWELL,
    *HINTS,
)
