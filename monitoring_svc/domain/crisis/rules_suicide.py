"""Wanting to die, from a wish not to wake up to a plan, a means in reach and a goodbye."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, rule
from monitoring_svc.domain.crisis.rules_goodbye import FAREWELL
from monitoring_svc.domain.crisis.rules_killing_oneself import SUICIDE_PAST_ATTEMPT, SUICIDE_PLAIN
from monitoring_svc.domain.crisis.rules_not_to_be import OVERWHELMED, PASSIVE
from monitoring_svc.domain.crisis.rules_plan import PLAN
from monitoring_svc.domain.crisis.rules_wish_to_die import BARE_KMS, WISH_TO_DIE

_KIND = Category.SUICIDAL_IDEATION
_HIGH = Severity.HIGH
_HINT = Strength.HINT

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
