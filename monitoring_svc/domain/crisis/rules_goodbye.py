"""Saying goodbye and settling what is left behind."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_KIND = Category.SUICIDAL_IDEATION
_IMMINENT = Severity.IMMINENT
_GUARDED = Strength.GUARDED

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
    by the time|when ___ sees|see|reads|read|finds|find|gets|hears this|it|me|out __ i will|have|am|would
    found|find|clothes|outfit|dress|wear|wearing __ to? be? found in|dead
    passwords|keys|bank|papers|documents|affairs|everything|will|key __ envelope|pot|desk|sorted|ready|brother|sister|mom|police|table|drawer __ afterwards|after|gone|need|dead|tonight|when|police|know
    police|whoever|they|he|she|mom|dad will|would|may need|know|find|have it|the|what|me|to __ afterwards|after|key|body|letter|note|when
    NOT know|knows|knew|know it|this is|was|the the? last time
    last time i|we|you|they __ see|saw|hug|hugged|talk|talked|kiss|kissed|eat|ate|sleep __ know|knows|goodbye|NOT|cute|realise
    cremate me
    you|u|they|nobody|noone will|would NOT? __ hear|see|get from|of|me __ after|again|anymore|fault|promise
    NOT __ log|logging|logged|play|playing|post|posting|online|write|writing|reply _ on|in|back? again|anymore|ever __ after|not|gone|look|goodbye|tonight|sorry
    look|care|looking after|for my|the|him|her|them|PET __ NOT be|will able|around|here|there|alive
    that|this was|is my|the? last|final one|goodbye|message|run|raid|match|login __ mean|last|ever|forever|final
    scheduled|set|queued __ to send|sent|post|go at|when|tomorrow|noon|midnight __ gone|dead|over|by
    bye|goodbye|thanks|thank|sorry ___ better|easier|best this way
    better|easier|best this way __ bye|goodbye|sorry|thanks
    phone|it goes|is|going in|into|off the? river|sea|water|then me|first
    off|going|coming|soon|gonna|want|ready to|and? see|join|meet|be _ my brother|sister|mom|dad|son|daughter|grandma|grandpa|baby|wife|husband|friend __ died|dead|passed|heaven|again|grave
    told|tell|say|said|saying my? goodbyes|goodbye _ without|they|nobody|noone|knowing|$
    delete|close|cancel my|the account __ no|NOT|gone|after|use|need __ where|tomorrow|use|longer|anymore
    tell|told my? FAMILY|them|him|her __ NOT fault|anything|because|blame|did|wrong
    NOT fault|blame|anything __ did|promise|goodbye|sorry|please|tell
    give|giving it|life|them till|until midnight|tomorrow|tonight|sunday|monday|friday|morning __ gone|end|done|over|then
    """,
)
