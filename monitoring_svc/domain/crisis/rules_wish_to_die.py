"""Wanting to be dead, and saying it in short."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SUICIDAL_IDEATION
_HIGH = Severity.HIGH
_PLAIN, _SOFT = Strength.PLAIN, Strength.SOFT

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
    hate|hated|hates being alive
    why did|do|could __ doctors|paramedics|they|anyone|you|nurses|he|she|it save me
    WANT|begged|begging|prayed|begs __ god|you|them|life|to let me die
    WANT to be _ in the? ground|grave|coffin|casket|dirt|urn
    WANT|forward|be|better __ six feet under
    WANT|could|rather|would _ trade|swap|switch places with _ dead|corpse
    should __ been me|one in __ coffin|grave|ground|instead|died
    failed|fail|failing|suck|bad at _ dying|killing|suicide
    i __ will|going|would be dead by|before|within summer|winter|christmas|spring|autumn|then|friday|monday|thirty|twenty|graduation|birthday|june|july|may|march|january
    NOT __ keep myself safe|alive
    everything|voice|part|all in|inside|of me says|tells|screams|wants to? __ end|die|jump
    thoughts|ideas|dreams|fantasies|visions|images|flashes|pictures _ of|about _ ending|dying|killing|hanging|jumping|drowning|overdosing
    thoughts __ of|about _ ending it|my|everything|things
    lying if i said _ was|am|do|did not _ SUICIDE|want|wanting|thought|think|thinking
    honest|truth|answer|honestly|currently|feeling|feel|simply|just|so _ suicidal
    only|just reason i have|am __ NOT done|do|ended|killed|dead it|because|myself
    i __ want to be over|finished|erased|gone forever|anymore|$
    dying|death|dead __ only|single goal|wish|plan|dream|escape|exit i|left
    dying|death|being is|was|dead __ only|last goal|wish|dream|exit
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
