"""Words and phrases by which `frames` tells in what frame something is said; written out and folded."""

from monitoring_svc.domain.crisis.word_list import phrases, words

NEGATORS = words("""
    noone hardly jamais kein keine keinen nao neither never ni nicht nie niemals no nobody none nor not
    nothing nunca ohne pas sin without
""")
"""Words that negate."""

NO_NEGATION_BEFORE = words("""
    able bear because believe care control dramatic enough escape even exaggerating fair funny going? help jk
    joking just kidding know lie like lying matter one only resist shake stop stopped stopping sure that wait
""")
"""After these a negator negates nothing that matters here (`not joking`, `can not stop`)."""

STILL = words("""
    again anymore broke coming currently encore hasta heute keep keeps lately noch now recently relapse
    relapsed relapsing right still today tomorrow tonight yesterday
""")
"""Going on, or soon."""

TURNS = words("""
    again but however lately now relapsed still then though today yet
""")
"""A clause that begins so may say the contrary."""

EMBARRASSED = words("""
    awkward awkwardly blush cringe cringed cringing embarrassed embarrassing embarrassment mortified shame?
""")
"""Ashamed, not in danger."""

SAYING = words("""
    answered goes posted quoted quoting read reads replied said sang saying says says: screamed shouted sings
    texted told tweeted whispered wrote yelled
""")
"""Reporting words."""

EXERTION = words("""
    asleep water cookies juice chocolate chips pizza milk tea soda candy cereal luggage tacos funny video
    videos meme memes joke jokes hilarious laughing nose nostril nostrils sinus mountain trail hike hiking
    running jog jogging sprint gym workout squats marathon match game coffee espresso espressos training
    treadmill swim swimming pushups cardio spicy noodles dentist view rollercoaster coaster stadium concert
""")
"""What makes a healthy heart race and a healthy chest hurt."""

TRIVIAL = words("""
    dinner dishes dessert homework tv movie movies vegetables broccoli chores curfew tattoo piercing sleepover
    knocking yellow classic spider remote slice candy snack training bedtime score dent plumber nerf darts
    gift skydiving ticket laundry fries fry buffet
""")
"""What households quarrel and play about."""

MEALS = words("""
    breakfast lunch dinner brunch pizza pasta burger buffet noon incoming ramadan iftar snack dessert
""")
"""Meals to come, or just missed."""

OTHER_MATTERS = words("""
    with in at from near under of until on for
""")
"""Prepositions that turn a wish to be gone into a wish to be gone from somewhere."""

OF_LIFE = words("""
    life living world earth existence me myself pain it everything being planet my mind head darkness
    suffering hurting people everyone god
""")
"""Words after such a preposition that keep the meaning."""

LIGHT = words("""
    is are am was really just even so fucking damn goddamn pain hurt life world feeling anymore shit hell
    struggle fight torture body emptiness darkness suffering every single much more long longer way day
    sadness loneliness depression misery existence constant endless heavy all empty lonely thing ache
    hopelessness
""")
"""Words that may follow `this` or `the` without naming some other matter."""

LEAVING = words("""
    housewarming season finale algebra couch renovation surgery recital graduation canyon view views eiffel
    tourist photos pictures selfie sightseeing picnic colleagues coworkers cards sofa airport beach camping
    class concert conference cruise dentist exam flight fridge groceries grocery hike holiday holidays
    homework honeymoon job meeting office party prom restaurant shopping tent ticket tickets trip vacation
    wedding
""")
"""Reasons to be away that are no goodbye."""

BEASTS = words("""
    accident accidentally dancing kochen cuisine cuisinant cocinar cocinando cozinhar cozinhando baby kid
    snowball pillow frisbee balloon football basketball volleyball dodgeball foam plush tickle tickled nerf
    ball bird cat cats dog goose hamster horse kitten mosquito parrot puck puppy rabbit toddler wave yellow
    classic
""")
"""Whose scratches and bites are no abuse."""

SCOLDERS = words("""
    boss boyfriend brother coach dad father girlfriend husband mom mother parents she sister teacher they wife
""")
"""Who will kill one for being late."""

MEANT = words("""
    afraid alone choked door drunk find finds gun help hide hiding hit hits hurt knife leave left police
    really said says scared strangled swore tell threatened threatens told
""")
"""Words that make a threat meant."""

FIRST = words("""
    eu i ich je ma me mein meine meu mi mich mine minha mir moi mon my myself yo
""")
"""The first person."""

PAST = phrases("""
    used to | years ago | year ago | months ago | decades ago | decade ago | long ago | back then | last year
    years back | in the past | old me | when i was a | when i was younger | when i was little | when i was in
    when i was at | when i was young | when i was NUMBER | as a teenager | as a teen | as a kid | as a child
    in high school | in YEAR | free of | years clean | years sober | i survived | in my teens | in my twenties
    childhood | formerly | antes | anos | avant | fruher | frueher | damals
""")
"""Told as past."""

RECOVERED = phrases("""
    free of self | months free | weeks free | free of cutting | clean now | sober now | years clean
    months clean | days clean | year clean | years sober | months sober | clean for | clean since | free from
    days free | years free | fully recovered | recovered from | in recovery | got better | better now
    good now | safe now | happy now | fine now | ok now | okay now | great now | well now | no longer
    any longer | glad i | proud of | i am proud | doing great | doing better | doing well | thanks to you
    therapy helps | haven looked back | now i help | have not since | but not anymore | behind me | a survivor
    i left | i got out | anos bien | meses bien | va mieux | ca va | estoy bien | estou bem | geht es mir
""")
"""Over, or much better."""

REAL = phrases("""
    for real | real life | not the game | not in the game | not in game | not a game | not my character
    not joking | not kidding | not even joking | not even kidding | no joke | not a joke | i mean me
    i mean it | me not him | actually me | not roleplay | not rp | out of character | ooc | seriously
    serious
""")
"""Meant, whatever story or game is spoken of."""

UNREAL = phrases("""
    the show | the episode | the series | the musical | the comic | my character | my characters
    the character | main character | my oc | my sim | in the game | in this game | in game | in minecraft
    this game | the game | this level | the level | the story | in my story | in the book | the movie
    the film | in chapter | the song | the lyrics | the villain | the boss | this boss | the npc | short story
    a story | a poem | this quest | the quest | side quest
""")
"""Of a story or a game."""

ASKED = phrases("""
    how do i help | how can i help | how to help | how do you help | how can i support | how do i support
    what are | what should you | what should i say | what should someone | what to say | what to do if
    warning signs | signs of | how would i know | how do i know if | how do you know if | how can you tell
    how can i tell | where can | which hotline | what number | if somebody | if someone | if a friend
    if a person | if you | when someone | when somebody | people who | someone who | somebody who | anyone who
    those who | asking for | is it true | why do people | does anyone know | has anyone
    what is the best way to help | help a friend | help someone | help somebody
""")
"""Asked about others, or in general."""

BENIGN_LEAVE = phrases("""
    see you next | see you tomorrow | see you soon | see you in | see you on | see you later | see you monday
    see you all | talk tomorrow | talk later | for the weekend | on holiday | out of town | back on | back in
    be back | till tomorrow | until tomorrow | before the holidays | good luck | moving to | new job
    last day at | last day of
""")
"""Leaving, and coming back."""

IDIOMS = phrases("""
    herself on a | himself on a | myself on a | herself on the | myself on the | myself while | myself shaving
    myself cooking | worth living if | would not be worth living | crawl in a hole | crawl into a hole
    hole and die | beat me to | beat me in | beat me at | hung myself up | hung up on | morirme de | morir de
    hit me up | hit me that | hits me that | hits me right | hits me in the feels | kill it | killing it
    killed it | dying of laughter | dying to know | dying to see | dying to try | to die for | die laughing
    dead tired | died laughing | suicide bomb | suicide bomber | suicide squad | suicide mission
    suicide prevention | suicide rates | suicide burn | kill time | laughing | of embarrassment | of cuteness
    of boredom | die alone | die on this hill | die on that hill | rather die than | die of laughter
    muero de risa | morir de risa | mourir de rire | morrer de rir | mourir de faim | morir de hambre
    cut my hair | cutting my hair | cutting class | cutting carbs | cut down on | cutting back | cutting down
""")
"""Set phrases that say nothing of danger."""
