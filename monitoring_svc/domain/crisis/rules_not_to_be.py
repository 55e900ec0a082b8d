"""Wishing not to be, feeling a burden, and having no strength to go on."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SUICIDAL_IDEATION
_MODERATE = Severity.MODERATE
_GUARDED, _SOFT = Strength.GUARDED, Strength.SOFT

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
    wish|want|hope|hoping|wishing __ someone|somebody|god|life|it|they|anything|something|car|truck|bus|plane|illness|cancer|lightning _ would|could|to|will? __ delete|erase|kill|hit|hits|take|takes|end|ends|crush me
    hope|hoping|wish|wishing i|that __ get|got|catch|had|have __ sick|ill|cancer|disease|tumor|accident|terminal
    hope|hopes|hoping|wish __ scan|test|results|doctor|tumor|lump __ bad|finds|cancer|malignant|terminal
    fine|ok|okay|glad|relieved|happy|good|cool|peace with|if|about|to NOT _ wake|waking up
    wake|waking up is|was the worst|hardest part
    relieved|fine|okay|ok|glad|favour|favor|relief __ if __ crashed|plane|car|died|bus|breathing|truck|went|heart
    NOT wake|waking up|tomorrow __ ok|okay|fine|relief|good|better
    NOT look|looking|looked both ways
    save|saved|spend so|much? __ money|time|trouble __ if i __ NOT|gone|dead|left|out
    NOT see|imagine|picture|expect|think|plan _ myself|being|getting|to __ older|old|thirty|twenty|forty|future|next|around|alive|live
    no|NOT _ future|version|place|room|world _ for|with|of me|myself $|anymore|anywhere|in
    there is no|NOT _ future|place|room for|with me
    only|just _ staying|here|alive|stay|live|living|around|going _ because|for _ my|the PET
    keeping|keeps|keep me here|alive|going __ nothing|lol|anymore|left|noone|nobody
    nothing _ keeping|keeps|left _ me|here
    NOT want to? do|face|see|have|live tomorrow|tmrw|another|any|the? _ $|day|one|or|of
    they|people|everyone|family|friends|he|she __ would|will __ sad|cry|upset|grieve|mourn __ relieved|fine|better|over|move|forget
    would|will NOT|nobody|noone _ cry|grieve|mourn|care|notice $|for|at|if|when
    my|own funeral __ come|cry|show|attend|people|there|wonder|THINK
    come|cry|show|attend|there|go to|at|up _ my funeral
    burden to|on|for everyone|everybody|all|my|them|anyone
    dead weight
    want|could|going|just _ fade|slip|drift out|away
    used|run|ran|running out|up of|all? _ my|the|them|reasons|reason __ to|$|stay|live|go|alive|here
    out of reasons|hope|fight|strength|will $|to|and|left|for
    died|dead already|inside and|years|but|$|my|body
    life is too long|exhausting|pain|painful|unbearable|torture|hell
    why|how|what __ carry|keep|go on|going|living|trying anymore|$|when|at|for
    living|alive|here for other|others|them|my people|$|sake|kids|family
    want to? be|become|feel nothing $|anymore|not|no
    NOT want to? be? a? person|human|conscious|anything anymore|$
    done|tired|sick being|of|with being? a|an|me person|human|myself|me
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
