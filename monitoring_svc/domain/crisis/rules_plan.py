"""A plan, a means in reach, a time: about to do it or doing it."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SUICIDAL_IDEATION
_IMMINENT = Severity.IMMINENT
_GUARDED = Strength.GUARDED

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
    set|picked|chosen|chose|choose|decided on? a|the|my|our|perfect _ spot|tree|ledge|exit|method|bridge|cliff __ to|and|already|weeks|tonight|rope|ready|ago|quiet
    counting|counted|count|lining|lined|lines|emptied|emptying|emptied|poured|sorted|arranged|crushed|crushing _ out|up? __ PILLS|bottles|bottle|tablets|capsules __ rows|bed|enough|table|all|desk|them|floor|swallow|start
    garage|garden|car __ engine|motor _ is? already? running|on
    exit bag
    rope|noose|belt|cord|scarf|it _ tied|tie|hung|hanging|hangs|attached|knotted _ to|from|on|over|around _ beam|branch|ceiling|door|hook|tree|rafter|rail|neck
    tied|tie|hung|attached|knotted|looped it|the|a|my? _ to|from|on|over|around _ beam|branch|ceiling|door|hook|tree|rafter|rail
    it is|will tonight|tomorrow $
    after tonight|tomorrow|today|this|that|then|sunday|friday __ NOT|never|nothing|no __ need|more|be|hear|log|matter|matters|exist|here|around
    NOT be? alive in|by|on|at|this|next|come|past|to
    NOT be? __ next week|year|month|season|time|raid|game|summer|birthday __ for me
    NOT be? a? next week|time|year|one|month for me|us
    swallowed|took|taken|swallowing|taking __ strip|packet|sleeve|bottle|box|lot|handful|everything _ lie|lying|and|going|wait|waiting|goodbye
    train|freight|express __ comes|coming|passes|due|in _ minutes|min|soon|NUMBER __ standing|stand|front|tracks|waiting|crossing|jump
    crossing|tracks|rails|train|freight|railway __ tonight|asleep|dark|midnight|when|NUMBER __ walking|walk|going|lie|lying|stand|wait
    walking|walk|going|lie|lying|stand|heading|drive|driving __ crossing|tracks|rails|freight|river|reservoir|dam|quarry|viaduct|overpass __ tonight|asleep|dark|midnight|nobody|noone|NUMBER
    sitting|sit|standing|stand|parked|am|here|up|out on|by|at|in the|a|my? _ ledge|reservoir|cliff|multi|overpass|viaduct|tracks|bridge|roof|parapet|railing|rooftop|quarry __ told|nobody|noone|alone|stops|stop|quiet|know|knows|jump|only|last|goodbye|writing
    going|gonna|will let|make the water|sea|river|waves|lake|cold|ocean take|have|carry me
    accident __ insurance|look
    look|looks|seem like an accident
    this is what i want $|now|to|and|not|do
    do|doing|did what i should|meant|planned __ years|long|ago|before|done
    done|did|taken|took|swallowed|drank it|them|everything __ hour|hours|minutes|already|ago __ late|stop|send|wait|alone|goodbye|sorry|now
    too late __ took|taken|swallowed|pills|done|save|help|me
    do|not NOT send|call anyone|police|ambulance|help|them __ late|already|took|done|over
    """,
)
