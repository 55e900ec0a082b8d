"""Panic, and a mind that loses its hold."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule

_HIGH = Severity.HIGH
_PLAIN = Strength.PLAIN

PANIC = rule(
    "panic",
    Category.MEDICAL_EMERGENCY,
    _HIGH,
    _PLAIN,
    """
    having|have|in|middle|getting|another|is|think|another|worst|feel a|an|the|my|another|of|like|coming|having? _ panic|anxiety attack|attacks __ now|help|right|breathe|not|please|stop|dying|hour|chest|and|hours|$|heart|again|shaking|alone|scared|what|idk
    having|keep|keeps|constant|in|another __ panic|anxiety attacks|attack|attacks
    panic|anxiety attack|attacks __ hour|hours|breathe|stop|dying|now|help|again|all|every|constantly|day|night|worse|worst|bad|die|faint|not|shaking|hospital
    hyperventilating|hyperventilate
    freaking|panicking|panic|freak|losing|spiralling|spiraling out|it|so|bad|now|hard|really|control? __ breathe|help|shaking|numb|stop|heart|not|chest|dying|hands|please|breath
    NOT calm|stop __ down|shaking|panicking|crying|hyperventilating|trembling __ breathe|heart|chest|help|dying|numb|hands|please|breath|hour|hours|die
    shaking|trembling __ NOT|not stop|breathe|calm
    NOT breathe
    NOT breathe properly|right|and|well
    feel|feels|feeling|think|like i? am|going|might|about|will dying|die|faint|pass|collapse|suffocating|choking|explode __ heart|chest|breathe|panic|help|attack|stop|not|shaking|now|hands|breath|calm
    hear|hearing voices|voice|things __ tell|telling|hurt|kill|say|scared|stop|people|me|saying|head|not|them|want|make|shut|loud
    voices|voice|demons|shadows|they __ tell|telling|tells|told|want|saying|command|ordering me|to|i __ hurt|kill|do|jump|bad|stab|people|them|die|burn
    NOT|losing|lost|slipping know|touch|tell|grip __ what|is|real|reality|with|on __ real|reality|hallucinating|voices
    hallucinating|hallucinations|psychosis|psychotic|paranoid|manic __ scared|help|voices|watching|poison|days|kill|episode
    NOT slept|sleep|sleeping __ NUMBER|SMALL|days|week __ voices|seeing|things|hallucinating|hearing|days|nights|shaking|heart|watching
    they|people|government|someone|everyone __ are|is _ watching|following|poisoning|after|spying|reading|put __ me|my|food|mind|chip|thoughts|camera|cameras|kill
    FAINT|passed|blacked out? __ NUMBER|SMALL|three|twice|times|again|today|keep|heart|chest|shower|alone|head|wrong
    keep|keeps|kept fainting|collapsing|passing|blacking
    want|going|might|urge|urges|thoughts|thinking|will to|of|about|gonna|am? _ hurt|kill|stab|shoot|hurting|killing|attack|shooting|stabbing|bomb __ people|someone|everyone|family|dad|mom|baby|classmates|school|teacher|others|wife|husband|boss|brother|kids|coworkers|sister|parents|neighbor|ex
    shoot|shooting|bomb|blow up? __ the|my|at|up school|classmates|office|work|church|mall
    worst headache
    headache|fever __ stiff neck
    stiff neck __ fever|rash|light|headache|vomiting
    rash __ NOT fade|fades|disappear __ fever|neck|glass
    coughing|vomiting|peeing|spitting|throwing|puking|coughed|vomited|pooping up? blood
    blood when|in i|my|the pee|urine|stool|poop|vomit|toilet __ back|pain|agony|fever|dizzy
    pain in|on|around|low my? __ right|side|belly|stomach|abdomen __ fever|stand|straight|vomiting|worse|bent
    NOT keep water|anything|food|liquids|fluids down __ days|dizzy|hours|weak|vomiting
    throwing|vomiting|puking up? for|since __ days|hours|NUMBER __ dizzy|water|weak|faint|blood
    heart|pulse|bpm __ NUMBER|pounding|racing __ sitting|resting|rest|lying|slow|hours|stop|scared|wont
    diabetic|sugar|glucose __ vomiting|high|NUMBER|low|dizzy|shaking|confused|ketones
    walls __ closing in
    going|gone|losing|lose mad|crazy|insane|control|mind __ breathe|breath|heart|stop|scared|panic|unreal
    everything looks|feels|is|seems unreal|fake|far|distant __ scared|control|die|panic|breathe
    hyperventilating|hyperventilate|shaking|tingling|tingles|shakes __ dying|die|stop|hold|phone|breathe|control|pass|faint
    another|third|second|constant|bad|huge|full|having|have|got panic|anxiety attack __ NOT|stop|shaking|hold|help|school|now|breathe|toilet|today
    NOT feel __ side|half of? __ body|face|since|lunch|morning
    """,
)
