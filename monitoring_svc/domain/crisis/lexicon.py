"""Classes of words that mean the same to the recogniser; a word may be in several, patterns name them in capitals."""

from monitoring_svc.domain.crisis.word_list import words

CLASSES: dict[str, frozenset[str]] = {
    # who
    "I": words("i me"),
    "MY": words("my mine"),
    "SELF": words("myself me"),
    "HESHE": words("he she they"),
    "HIMHER": words("him her them"),
    "REFLEXIVE": words("himself herself themselves themself themselfs hisself"),
    "FRIEND": words("""
        friend friends boyfriend girlfriend brother sister cousin roommate flatmate classmate teammate
        guildmate mate buddy pal colleague neighbor neighbour partner fiance fiancee husband wife ex son
        daughter kid child nephew niece twin crush
    """),
    "FAMILY": words("""
        mom dad mother father parents parent grandma grandpa grandmother grandfather nana uncle aunt auntie
        brother sister son daughter husband wife stepdad stepmom baby kid child cousin stepbrother stepsister
        gramps nan
    """),
    "PERSON": words("""
        pupil patient client viewer follower teammate grandad penpal
        friend friends boyfriend girlfriend brother sister cousin roommate flatmate classmate teammate
        guildmate mate buddy pal bro colleague neighbor neighbour partner fiance fiancee husband wife ex son
        daughter kid child nephew niece twin crush mom dad mother father parents parent grandma grandpa
        grandmother grandfather nana uncle aunt auntie stepdad stepmom baby stepbrother stepsister he she they
        someone somebody guy girl boy dude person stranger member streamer player gamer student him her
    """),
    "ABUSER": words("""
        grandad stepfather stepmum stepmother manager carer caregiver bully bullies classmate classmates
        someone somebody he she they dad mom father mother parents parent stepdad stepmom stepbrother
        stepsister uncle aunt boyfriend girlfriend husband wife partner ex brother sister cousin coach teacher
        boss man guy grandpa grandfather grandma fiance roommate neighbor neighbour stalker landlord pimp
        priest pastor tutor babysitter carer caretaker guardian dude men
    """),
    "EVERYONE": words("""
        everyone everybody people they family friends parents mom dad world kids all others husband wife
    """),
    "NOONE": words("nobody noone none"),
    # will and thought
    "WANT": words("""
        want wants wanted wish wishing need needed hope hoping longing long crave craving prefer tempted ready
        desperate dying itching keen
    """),
    "WILL": words("""
        will going gonna about planning plan plans decided deciding intend intending promise ready determined
        shall must
    """),
    "THINK": words("""
        think thinking thought thoughts consider considering considered contemplate contemplating contemplated
        imagine imagining imagined fantasize fantasizing fantasise fantasising fantasies picture picturing
        dream dreaming dreamt ideation urge urges obsessed obsessing planning research researching researched
        debating debate googling googled searching searched visualizing feelings feeling impulse impulses
        temptation ideas idea compulsion tempted struggling fighting thinkin pondering daydream daydreaming
        daydreams
    """),
    "FEEL": words("feel feeling feels felt"),
    "TRY": words("try tried trying attempt attempted attempting almost nearly close came"),
    "NOT": words("not never no"),
    "CANNOT": words("can could"),
    "NOW": words("now tonight today already currently immediately soon"),
    "TONIGHT": words("""
        tonight now today tomorrow soon weekend morning midnight evening sunday monday friday saturday
        birthday christmas
    """),
    "KEEP": words("keep keeps kept keeping continue go carry going"),
    "ANYMORE": words("anymore longer more"),
    # death
    "KILL": words("""
        kill killing murder end ending hang hanging hung hanged shoot shooting drown drowning stab stabbing
        poison poisoning off neck necking delete deleting destroy strangle suffocate electrocute gas rope yeet
    """),
    "KILLED": words("killed hanged shot drowned stabbed poisoned"),
    "DIE": words("die dying dead death perish"),
    "DEAD": words("dead gone died"),
    "GONE": words("gone dead away disappeared vanished died"),
    "LIFE": words("life lives existence"),
    "LIVE": words("live living exist existing"),
    "ALIVE": words("alive living existing breathing"),
    "END": words("end ending finish finishing"),
    "SUICIDE": words("suicide suicidal"),
    "DISAPPEAR": words("disappear vanish evaporate dissolve"),
    "JUMP": words("""
        jump jumping leap leaping step stepping walk walking run running throw throwing drive driving crash
        yeet lie lay
    """),
    "HIGHPLACE": words("""
        bridge roof rooftop ledge cliff balcony tower building window overpass edge railing parapet platform
        garage floor story overlook viaduct
    """),
    "TRACKS": words("""
        traffic train tracks rails railway truck lorry bus car cars cliff motorway highway freeway subway tree
        road
    """),
    "MEANS": words("""
        pills pill meds medication medications medicine tablets antidepressants painkillers paracetamol
        tylenol ibuprofen insulin opioids oxys benzos valium xans rope noose gun pistol rifle shotgun revolver
        bullet bullets razor razors blade blades knife bleach charcoal helium nitrogen poison bottle cord belt
        scalpel fentanyl heroin sleeping
    """),
    "PILLS": words("""
        pills pill meds medication medications medicine tablets antidepressants painkillers paracetamol
        tylenol ibuprofen aspirin insulin opioids oxys benzos valium xans acetaminophen benadryl capsules
        prozac zoloft sertraline advil sleepers lithium melatonin ambien adderall codeine tramadol oxycodone
        vicodin klonopin seroquel quetiapine morphine methadone lorazepam diazepam ritalin
    """),
    "GUN": words("gun pistol rifle shotgun revolver handgun glock"),
    "BLADE": words("""
        razor razors blade blades knife scissors sharpener glass scalpel lighter needle needles boxcutter
    """),
    "ROPE": words("rope noose cord belt"),
    "SCARYMEANS": words("noose helium"),
    "AMOUNT": words("""
        all whole entire bunch handful handfuls bottle bottles box packet packets pack full too many lots lot
        every everything loads ton tons cupboard cabinet strip strips
    """),
    "TOOK": words("""
        took taken take swallowed swallow downed ate eaten popped ingested drank necked taking swallowing
    """),
    "NOTE": words("note notes letter letters goodbyes goodbye will farewell"),
    "READY": words("""
        ready lined laid next beside here hand hands lap drawer desk hidden stashed saved front set nearby
        table bag loaded bedside pocket
    """),
    "SAVED": words("""
        saved saving stockpiled stockpiling hoarding hoarded collecting collected stashing stashed hiding hid
        gathered keeping storing
    """),
    "GOODBYE": words("goodbye bye goodbyes farewell goodnight"),
    "CARE": words("care after"),
    "PET": words("""
        dog dogs cat cats pet pets kids sister brother mom dad plants hamster bird fish children son daughter
        character baby guinea rabbit bunny horse parents wife husband family guild
    """),
    # self-harm
    "CUT": words("""
        cut cutting slice sliced slicing slit slitting slash slashed slashing carve carved carving gouge
        gouged gouging
    """),
    "CUTS": words("cuts gashes slashes slices"),
    "HURT": words("""
        hurt hurting harm harming injure injuring injured injures punish punishing mutilate mutilating bruise
    """),
    "BURN": words("burn burned burning burnt burns scald scalded scalding"),
    "HIT": words("""
        hit hits hitting punch punches punched punching slap slaps slapped slapping bang banging banged bash
        bashing smash smashing bite biting bit scratch scratches scratching scratched pinch pinching claw
        clawing choke choking
    """),
    "LIMB": words("""
        arm arms wrist wrists thigh thighs leg legs skin stomach hips hip forearm forearms ankle ankles hand
        hands body belly shoulder shoulders
    """),
    "AGAIN": words("""
        again tonight today yesterday still lately now daily nightly constantly night relapsed relapse
        everyday
    """),
    "URGE": words("""
        urge urges want wanna need craving crave tempted itching miss desire impulse impulses
    """),
    # abuse
    "BEAT": words("""
        hit hits hitting beat beats beating beaten punch punches punched punching slap slaps slapped slapping
        kick kicks kicked kicking choke chokes choked choking strangle strangles strangled strangling whip
        whips whipped burn burns burned burnt shove shoves shoved bruise bruised bruises smack smacks smacked
        smacking batter batters battered thrash thrashes thrashed stab stabbed attack attacks attacked
        attacking assault assaults assaulted rape rapes raped raping molest molests molested molesting grope
        gropes groped groping abuse abuses abused abusing headbutted spits spat drags dragged backhanded
        backhands belts smothered suffocates throttled waterboarded
    """),
    "SEXUAL": words("""
        rape rapes raped raping molest molests molested molesting grope gropes groped groping touches touching
        touched fondles fondled
    """),
    "TOUCH": words("""
        touch touches touching touched fondle fondles fondled fondling grope gropes groped groping
    """),
    "THREATEN": words("threatens threatened threatening threaten threats"),
    "LOCK": words("lock locks locked locking trap traps trapped trapping"),
    "ROOM": words("""
        room house home closet bedroom bathroom basement apartment flat car garage cellar shed attic cupboard
    """),
    "FORCE": words("""
        force forces forced forcing make makes made making pressures pressured blackmails blackmailing
        blackmailed coerces coerced
    """),
    "SEX": words("""
        sex things nudes naked nude pictures photos pics undress sleep kiss videos stuff bed clothes underwear
    """),
    "SCARED": words("scared afraid terrified frightened fear petrified"),
    "WEAPON": words("""
        knife gun bat machete belt hammer axe iron cable cord weapon bottle stick pan broom cane hanger wire
    """),
    # substances
    "DRUG": words("""
        fentanyl heroin coke cocaine meth mdma m ketamine xans oxys benzos lsd acid ecstasy ghb speed crack
        drugs molly dope gear pills adderall stuff something shrooms spice lean codeine morphine tranq smack
        percs edibles weed
    """),
    "HARDDRUG": words("""
        fentanyl heroin coke cocaine meth mdma ketamine xans oxys benzos ecstasy ghb crack dope smack morphine
        tranq codeine valium speed
    """),
    "ALCOHOL": words("""
        vodka whiskey whisky alcohol booze wine beer beers rum tequila gin liquor drinks shots drink
    """),
    "OVERDOSE": words("overdose overdosed overdosing overdoses"),
    "POISON": words("""
        bleach antifreeze detergent pesticide weedkiller petrol gasoline drano cyanide turpentine methanol
        ammonia cleaner acetone battery batteries
    """),
    "UNRESPONSIVE": words("unconscious unresponsive blue collapsed convulsing seizing limp foaming"),
    "WAKE": words("wake waking woken respond responding move moving answering react reacting"),
    "BREATHE": words("breathe breathing breath"),
    # eating
    "EAT": words("eat eaten eating ate food fed"),
    "PURGE": words("""
        purge purging purged puke puking puked vomit vomiting vomited throw throwing threw
    """),
    "FAINT": words("""
        faint fainted fainting collapse collapsed dizzy blackout blacking lightheaded weak passing passed
        faints
    """),
    "DAYS": words("""
        days day week weeks monday tuesday wednesday thursday friday saturday sunday weekend
    """),
    "SMALL": words("""
        one two three four five six seven eight nine ten eleven twelve couple few several
    """),
    "LAXATIVES": words("laxatives laxative diuretics dulcolax"),
    # body
    "CHEST": words("chest heart ribs"),
    "PAIN": words("""
        pain pains hurts hurting tight tightness crushing pressure aching heavy squeezing burning stabbing
    """),
    "BLOOD": words("blood bleed bleeds bleeding bled"),
    "NUMB": words("numb tingling tingly paralyzed paralysed drooping droopy"),
    "FACE": words("face arm arms leg legs side hand hands fingers lips body jaw"),
    "SWELL": words("swelling swollen closing closed swelled swells tightening"),
    "THROAT": words("throat tongue airway lips"),
    # frames
    "LAUGH": words("""
        laughing laughed laughter hilarious lol lmao lmfao rofl haha hahaha hahahaha hehe xd joking jokes
        kidding lols lmaoo roflmao jaja jajaja mdr ptdr kkk kkkk rsrs loool lool hahah ahaha heh
    """),
    "GAME": words("""
        vault mission heist flank medic heal ammo reload respec wizard wizards jugamos juego partida fifa jeu
        spiel jogo boss bosses level levels quest quests npc npcs respawn respawned respawning respawns hp xp
        mana dungeon dungeons loot dragon dragons goblin goblins witch knight knights sword shield potion
        potions spell spells raid raids guild tank healer dps rogue mage elf orc troll trolls zombie zombies
        monster monsters enemy enemies axe grenade grenades rocket launcher sniper aimbot lag lagged
        checkpoint spawn spawned spawns minecraft fortnite roblox mario zelda sims sim skyrim valorant league
        kart ranked lobby server aggro creeper creepers cheater hacker hackers controller console playthrough
        speedrun nerf nerfed fireball headshot headshots damage crit combo wiped wipe necromancer vampire
        pokemon avatar tutorial cutscene lantern castle arena deathmatch lava kd killstreak camper permadeath
        hardcore mob mobs skeleton skeletons opponent opponents tournament overwatch apex cod warzone dota
        clash elden souls bandit bandits assassin guards guard king queen prince princess villain hero heroes
        cultist cultists
    """),
    "INGAME": words("game games videogame gameplay ingame campaign dlc"),
    "FICTION": words("""
        character characters oc protagonist antagonist villain novel novels book books chapter movie movies
        film films episode episodes series season anime manga lyrics lyric song songs poem poems poetry album
        band story stories plot scene scenes script drama theatre theater actor actress fanfic fanfiction
        comic tv netflix documentary documentaries hamlet romeo juliet author narrator musical opera roleplay
        rp fiction meme memes shirt tshirt sitcom trailer podcast quote quotes sings sang singer rapper verse
        chorus writer cosplay role
    """),
    "INFO": words("""
        essay essays thesis homework assignment presentation research researching study studies article
        articles news newspaper report statistics rates rate documentary history lecture seminar course
        project journal scientists police court trial headline headlines law debate prevention awareness
        discussed trigger assembly campaign campaigns hotline hotlines helpline volunteer volunteering
        volunteered signs poster posters psychology training trained first- aid nurse paramedic doctor doctors
        patients patient shift euthanasia interview podcast leaflet policy researchers professor teacher paper
    """),
    "MUNDANE": words("""
        homework math maths job work meeting meetings commute traffic monday mondays weather party queue
        printer exam exams class office boss shift deadline deadlines email emails laundry dishes gym rain
        cold winter heat snow wifi internet laptop update updates assignment essay bus puzzle buffet pizza
        coffee cake chocolate karaoke wedding fridge christmas-party movie teacher project college university
        presentation crossword shopping spoilers mall store customers overtime spreadsheet spreadsheets bug
        season episode show ads hike squats closet clothes beach holiday holidays vacation match league
        football soccer cringe embarrassing embarrassed awkward photo mosquito mosquitoes alarm cramps pollen
        allergies allergy sneezing song songs concert ticket tickets sale haircut hair diet chemistry physics
        biology professor finals midterm midterms retail uni studying airport flight line neighbours puns pun
        jokes joke cuteness cute adorable kitten puppy hilarious funny video videos meme memes laughing
        laughter hunger thirst boredom bored
    """),
    "HELPING": words("help helping support comfort helps"),
    "PASTTIME": words("ago former formerly previously once"),
    "NUMBER": words("""
        thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy
        eighty ninety hundred dozen dozens
    """),
    "RECOVERED": words("""
        clean sober recovered recovery recovering survived survivor healed better free
    """),
    "YEARS": words("years year months decade decades"),
}
"""Name of the class to its words, all folded and written out."""

CONTENT = words("""
    a an the this that these those and or but if then because so than too very just only really even still
    also in on at by for from to of with without into onto off up down out over under about after before
    during until since as is am are was were be been being do does did done doing have has had having i you he
    she it we they me him her us them my your his its our their mine yours hers ours theirs myself yourself
    himself herself itself who whom whose what which when where why how not no nor never none nothing nobody
    all any each every both few many much more most other some such own same can could will would shall should
    may might must need like get got getting go went gone going come came coming make made making take took
    taken taking give gave given see saw seen seeing say said says saying tell told think thought know knew
    known want wanted feel felt find found keep kept let put seem seemed leave left call called try tried ask
    asked turn turned start started show showed hear heard play played run move live lived believe hold held
    bring happen happened write wrote written sit sat stand stood lose lost pay paid meet met include continue
    set learn change lead understand watch follow stop stopped create speak read allow add spend grow open
    walk win offer remember love loved consider appear buy bought wait serve die died send expect build stay
    fall fell cut reach kill remain suggest raise pass sell require report decide pull time year people way
    day man thing woman life child world school state family student group country problem hand part place
    case week company system program question work government number night point home water room mother area
    money story fact month lot right study book eye job word business issue side kind head house service
    friend father power hour game line end member law car city community name president team minute idea body
    information back parent face others level office door health person art war history party result morning
    reason research girl guy moment air teacher force education good new first last long great little old big
    high different small large next early young important public bad able best better sure free true whole
    real black white easy strong hard happy sad angry tired sick hungry thirsty lonely alone afraid sorry fine
    okay ok yes yeah nah please thanks thank hello hi hey well maybe perhaps always often sometimes usually
    again once soon late later today tomorrow yesterday tonight now here there everywhere somewhere anywhere
    away far near ever yet already almost enough quite rather together around through between against within
    across behind beyond along one two three four five six seven eight nine ten hundred thousand million dad
    mom brother sister son daughter baby uncle aunt grandma grandpa cousin pizza food coffee tea bread cheese
    burger dinner lunch breakfast dog cat horse bird fish bear wolf phone computer internet video music movie
    film
""")
"""Common words that are never taken for a misspelling."""
