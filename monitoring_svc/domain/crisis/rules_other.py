"""Someone the player knows is in danger now."""

from monitoring_svc.domain.crisis.decision import Category, Severity
from monitoring_svc.domain.crisis.pattern import Strength, Whose, rule

_HIGH, _IMMINENT = Severity.HIGH, Severity.IMMINENT
_PLAIN = Strength.PLAIN

OTHER_SUICIDAL = rule(
    "another wants to die",
    Category.SUICIDAL_IDEATION,
    _HIGH,
    _PLAIN,
    """
    PERSON __ says|said|told|texted|tells|texting|saying|talking|keeps|posted|wrote|sent|messaged|thinks|admitted|confessed|swears|about|messages|snapped|whispered|typed|threatening|threatens|threatened __ WANT|will|going|thinking|planning|about|NOT|KILL __ die|dead|REFLEXIVE|suicide|live|alive|overdose|exist|unalive
    PERSON __ says|said|told|texted|keeps|texting|saying __ WANT|will|going|thinking|about to? __ end|jump|hang _ it|life|everything|off|from|tonight
    PERSON __ wants|want|going|trying|tried|threatening|threatens|threatened|planning|plans|might|will|about|try|tries|gonna|thinking __ KILL|end|hurt|hang|harm|shoot|drown REFLEXIVE
    PERSON __ wants|want|going|trying|planning|plans|might|will|about|thinking|decided __ to? __ end __ life|it|everything
    PERSON __ wants|planning to? die|overdose|commit
    PERSON is|are|was|seems|feels|acting|feeling|being|so _ SUICIDE
    think|worried|scared|afraid|sure|pretty|convinced|believe __ PERSON __ suicidal|suicide|REFLEXIVE
    PERSON __ NOT __ want|wanna __ live|alive|exist|anymore|be here|wake
    PERSON __ NOT __ live anymore
    PERSON __ texted|texting|keeps|sent|sends|posted|messaged|called __ goodbye|goodbyes|farewell
    PERSON __ keeps saying _ goodbye|bye|sorry
    PERSON __ saying|says|said|texted|texting|keeps|told|thinks __ better off without|dead
    PERSON __ saying|says|said|texted|texting|keeps|told __ burden|hopeless|worthless|pointless
    PERSON __ left|wrote|found|sent|has|posted __ suicide|goodbye note|letter|message|text|video
    PERSON __ gave|giving|giving __ away __ stuff|things|everything
    found|find|read|saw|seen __ PERSON __ note|letter __ suicide|goodbye|die
    found|find __ suicide|goodbye note|letter
    she|he|they __ going|will|wants|gonna to? __ KILL|end|hang REFLEXIVE|it|life
    KILL REFLEXIVE tonight|now|today|tomorrow|if
    talk|talking|stop|stopping|keep|convince __ PERSON __ out|from|alive __ KILL|jumping|suicide|it|dying
    PERSON __ tried|attempted __ KILL|suicide|overdose|hang|die|end
    PERSON __ sent|sends|showed|posted me|us|a|the __ picture|photo|pic|video|message __ rope|pills|gun|noose|cuts|razor|blood|bridge|blade|goodbye
    PERSON __ lost|no|any __ will|reason|hope to|of|for live|living
    PERSON __ going|wants|want|will|planning|about|says|threatens|threatening|might to? __ take|swallow|overdose|od __ pills|everything|meds|all|tablets|tonight|weekend|PILLS
    PERSON __ about|going to end it|things|everything
    PERSON __ threatening|threatens|threatened to _ jump|KILL|end|hang|die|overdose|hurt|cut
    PERSON __ says|saying|said|keeps|talks|talking|told __ wants|want out|gone|dead|peace
    PERSON __ talks|talking|talked|jokes|thinks|asked|posts|posting|googled|searching about|of|for _ dying|suicide|death|rifle|gun|killing|methods|ending|jumping|pills|overdosing|heaven
    PERSON __ NOT stop|stopping|quit talking|saying|crying __ die|dead|suicide|dying|kill|goodbye
    PERSON|he|she ___ deserve|deserves better __ rather|dead|gone|die
    PERSON|he|she ___ rather be dead|gone
    PERSON|he|she ___ joking|jokes|says|saying|said|thinks ___ happier|better|easier|fine if|without|when ___ gone|dead|her|him|them
    PERSON|he|she ___ way|plan|means|method|how to end|die|kill|do it|everything|themselves|himself|herself|things ___ secret|swear|promise|NOT|tell
    PERSON|he|she __ wants|want|wanted|wishes to? __ be|was|were dead|gone
    drawing|picture|drew|diary|notebook|journal ___ hanging|dead|dying|kill|die|suicide|noose ___ desk|room|son|daughter|brother|sister|found|left|her|his
    PERSON|he|she ___ slit|cut|open her|his|their wrists|throat
    """,
    whose=Whose.OTHER,
)

OTHER_SUICIDAL_NOW = rule(
    "another is about to die",
    Category.SUICIDAL_IDEATION,
    _IMMINENT,
    _PLAIN,
    """
    PERSON __ is|on|standing|at|climbed|sitting|locked|went __ roof|bridge|ledge|tracks|balcony|railing|cliff|rooftop|edge __ jump|NOT|says|crying|end|will|shell|tonight|and|please|help|off|now|threatening
    PERSON __ has|got|with|holding|have|bought|found|took|grabbed __ gun|pills|rope|knife|razor|noose|pistol|blade|overdose __ and|NOT|end|wants|says|kill|locked|answer|bathroom|offline|help|tonight|die|door|she|he|wont|replying
    PERSON __ locked|lock REFLEXIVE __ bathroom|room|in __ razor|pills|knife|answering|NOT|gun|answer|blade|with|cut|responding
    PERSON __ took|swallowed|taken|taking|overdosed|overdosing|downed __ pills|bottle|overdose|meds|everything|tablets __ NOT|and|goodbye|die|answer|pick|suicide|texted|kill|help|wants|now
    PERSON __ goodbye|bye|pills|rope|kill|die|suicide|suicidal|dead|gun|bridge __ NOT answer|answering|pick|picking|reply|replying|respond|responding|find|reach|online|read|reading
    PERSON __ KILL|hurt REFLEXIVE __ tonight|now|today|help|do|stop|immediately|right
    PERSON __ die|suicide|overdose|jump tonight|now
    PERSON __ says|said|told|texted|shell|threatening __ jump|hang|shoot|overdose
    pick|picking|answer|answering|reply|replying|find|reach __ PERSON|him|her __ suicide|kill|die|goodbye|pills|suicidal|note
    scared|worried|afraid|think __ PERSON __ doing|did|done|do|something|hurt it|something|right|REFLEXIVE
    suicide note __ PERSON|his|her|their|roommate
    PERSON __ suicide note
    goodbye __ NOT answering|answer|pick|picking|responding|reply
    PERSON __ pills|gun|knife|razor|rope|noose|blade in|to|against|at|around her|his|their _ hand|hands|mouth|head|neck|wrist|throat
    PERSON __ sent|texted|posted|showed __ noose|gun|pills|rope|razor|bridge|goodbye|note
    PERSON __ goodbye|bye __ gun|pills|rope|knife|razor|bridge|roof
    PERSON|he|she ___ standing|sitting|stands|sits|is|hanging|climbing on|in|at|over|off the? __ railing|ledge|overpass|road|motorway|tracks|parapet|viaduct|roof|bridge|balcony
    PERSON|he|she ___ livestream|livestreamed|streaming|live|livestreaming|filming ___ railing|ledge|overpass|tracks|roof|bridge|rope|pills|gun|blade
    PERSON|he|she ___ has|got|grabbed|loading|took|with|holding ___ rifle|gun|shotgun|pistol|pills|rope|blade|knife ___ goodbye|bye|goodbyes|done|over|end|sorry
    PERSON|he|she ___ NOT be? alive|here|around by|on|tomorrow|monday|next|when|much
    PERSON|he|she|they ___ done|finished|tired|through of|with? living|life|existing ___ blade|knife|pills|gun|rope|locked|razor|roof|bridge
    PERSON|he|she ___ blade|knife|pills|gun|rope|razor ___ done|finished|tired|wants|want|going of|with|to? living|life|die|end
    """,
    whose=Whose.OTHER,
)

OTHER_HARMED = (
    *rule(
        "another hurts themselves",
        Category.SELF_HARM,
        _HIGH,
        _PLAIN,
        """
        PERSON __ is|been|keeps|started|are|be|was|caught|back|again|still __ cutting|harming|hurting|burning|hitting|scratching REFLEXIVE|wrists|arms|her|his|again
        PERSON __ cut|cuts|cutting|slit|harms|hurts|burns|burned|slicing|sliced REFLEXIVE
        PERSON __ cuts|cut|cutting|slit|slicing her|his|their LIMB
        PERSON __ showed|has|hiding|hides|sent|got|with __ cuts|scars|cut|bandages __ fresh|new|arm|arms|wrist|wrists|legs|me|they|her|his|thighs|deep|they
        PERSON __ self harm|harms|harming|harmed
        PERSON __ selfharm|selfharming
        PERSON __ burning|cutting|hurting|hitting|scratching|harming REFLEXIVE
        PERSON is|has|been|started|keeps|was _ been? cutting
        saw|found|noticed|seen __ fresh|new|deep|his|her|my _ cuts __ on|arms|wrist|arm
        PERSON __ new|fresh cuts
        """,
        whose=Whose.OTHER,
    ),
    *rule(
        "another is abused",
        Category.ABUSE,
        _HIGH,
        _PLAIN,
        """
        PERSON|friends|his|her|their|friend __ ABUSER __ BEAT her|him|them
        PERSON __ being|getting|gets|is|was|been __ beaten|abused|hit|raped|molested|assaulted|trafficked|strangled __ by|at|home|right|now|help|every|and|husband|her|his|last
        PERSON|her|his|their __ dad|boyfriend|husband|mom|stepdad|father|girlfriend|parents|uncle|partner|ex __ BEAT|hurts|locks|locked|touches|threatens|rapes her|him|them
        PERSON __ bruises __ NOT|tell|from|her|his|by|boyfriend|dad|husband
        PERSON|her|his __ afraid|scared __ go home
        hits|beats|choked|chokes|beat|raped|strangled|punched|locks|rapes|abuses|hit|hurts her|him|them __ NOT|leave|every|and|right|again|now|scared
        neighbor|neighbour|neighbors|neighbours|guy|man|he|she|stepdad|mom|dad|parents|teacher __ beating|hitting|hurting|abusing|molesting|choking|kicking his|her|their|a|the _ kid|kids|wife|child|baby|daughter|son|girlfriend|children|brother|sister|girl|boy
        PERSON __ going to kill|hurt|beat|shoot her|him|them
        neighbor|neighbour|neighbors|neighbours|upstairs|downstairs|next|door __ screaming|beating|hitting|hurting|hit __ wife|kids|help|girlfriend|her|child|baby
        """,
        whose=Whose.OTHER,
    ),
    *rule(
        "another does not eat",
        Category.EATING_DISORDER_EMERGENCY,
        _HIGH,
        _PLAIN,
        """
        PERSON __ NOT __ eaten|eating|eat|ate __ NUMBER|SMALL|days|week|weeks|since|anything __ FAINT|passed|weak|days|collapsed|stand|telling|thin
        PERSON __ NOT __ eaten|ate __ in|for __ days|weeks|week
        PERSON __ PURGE|purges|throwing|pukes|vomits|throws|sick __ blood|every|meal|meals|after|purpose
        PERSON __ starving REFLEXIVE
        PERSON __ FAINT|faints|collapsed __ NOT|starving|eat|eating|anorexia|anorexic
        """,
        whose=Whose.OTHER,
    ),
)

OTHER_RULES = (*OTHER_SUICIDAL, *OTHER_SUICIDAL_NOW, *OTHER_HARMED)
