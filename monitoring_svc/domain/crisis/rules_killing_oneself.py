"""Thinking of killing oneself, ways to do it, and attempts."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SUICIDAL_IDEATION
_HIGH = Severity.HIGH
_PLAIN = Strength.PLAIN

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
    THINK|decide|deciding|rehearse|rehearsing|rehearsed|picture|know|nights|imagine __ how i would|will|should|could do|go|die|end _ it|$|and
    nearly|almost|close|came|urge|want|tempted|temptation __ step|stepped|walk|walked|threw|throw|drove|drive|run|ran|lie|lay|swerve|swerved __ in|into|under|off|out|onto __ front|traffic|tram|train|truck|bus|lorry|tracks|bridge|ledge|oncoming
    let|letting|let's go of the _ wheel|railing|rail|edge|rope
    how|what much|many of my|the? _ PILLS|antidepressant|antidepressants|dose __ take|kill|enough|die|fatal|too|end|lethal
    leaflet|read|googled|looked|search|forums|reading|researched|researching __ painless|lethal|overdose|much|knots|nooses|methods|noose
    my|belts|rope|ropes|belt|beam|branch __ would|will|could hold my|me|weight|$
    wrote|write|writing|in|found|read __ PERSON|diary|journal __ wants|want|wanted to? __ KILL|die|dead __ herself|himself|themselves|die
    hold|holding|held|put|puts|press|pressed|pressing|pointed __ knife|gun|blade|razor|barrel _ to|against|at|in|on|under my|the __ throat|neck|head|wrist|temple|mouth|chest|heart|chin
    voice|voices|head|brain|mind|mirror|ex __ just? do|kill|kys it|yourself|myself then|and|$
    telling|tells|told|says|saying me to __ kill|end|hang|die myself|yourself|it __ agree|right|believe|might|should|listen|obey
    saving|saved|keeping|kept|keep|hide|hiding|hid|stash|stashing|stockpile|collect __ PILLS|meds|tablets|pills __ case|enough|mattress|decide|later|drawer|ready|plan|day
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
