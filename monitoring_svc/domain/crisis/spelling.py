"""The way people type: short forms written out, leet and masked letters read, key words found behind misspellings.

Only words that matter to the recogniser are corrected, and only where no ordinary word is meant: a word one edit
away from a key word that is itself common English is listed in `ORDINARY` and left alone.
"""

from collections.abc import Iterable

from monitoring_svc.domain.crisis.word_list import words

SHORT_FORMS: dict[str, tuple[str, ...]] = {
    short: tuple(long.split())
    for short, long in (
        entry.split("=")
        for entry in """
im=i am|ive=i have|ima=i am going to|imma=i am going to|iam=i am|imo=in my opinion|dont=do not|doesnt=does not
didnt=did not|cant=can not|cannot=can not|couldnt=could not|wont=will not|wouldnt=would not|shouldnt=should not
isnt=is not|arent=are not|aint=am not|wasnt=was not|werent=were not|hasnt=has not|havent=have not|hadnt=had not
mustnt=must not|neednt=need not|hes=he is|shes=she is|theyre=they are|theyve=they have|theyll=they will
theyd=they would|youre=you are|youve=you have|youll=you will|youd=you would|weve=we have|whos=who is
whats=what is|thats=that is|theres=there is|heres=here is|its=it is|itll=it will|lets=let us|hows=how is
wheres=where is|id've=i would have|wanna=want to|gonna=going to|gunna=going to|gona=going to|finna=going to
boutta=about to|gotta=got to|tryna=trying to|hafta=have to|oughta=ought to|lemme=let me|gimme=give me
dunno=do not know|idk=i do not know|idc=i do not care|idgaf=i do not care|idek=i do not even know
iono=i do not know|ik=i know|ngl=not going to lie|tbh=to be honest|istg=i swear|irl=in real life|fr=for real
frfr=for real|ong=for real|rn=right now|atm=at the moment|tn=tonight|tnt=tonight|tonite=tonight|2nite=tonight
2night=tonight|2nyt=tonight|tmrw=tomorrow|tmr=tomorrow|tmw=tomorrow|2moro=tomorrow|2morrow=tomorrow|2day=today
u=you|ur=your|r=are|yall=you all|bc=because|cuz=because|cos=because|coz=because|bcs=because|bcuz=because
cause=because|abt=about|rlly=really|rly=really|realy=really|ppl=people|prolly=probably|prob=probably|plz=please
pls=please|thx=thanks|ty=thanks|tysm=thanks|some1=someone|any1=anyone|every1=everyone|no1=noone
evry1=everyone|b4=before|m8=friend|mate=friend|bestie=friend|bff=friend|bf=boyfriend|gf=girlfriend|bro=brother
sis=sister|hubby=husband|w=with|wo=without|smth=something|sth=something|omw=on my way|ily=i love you
ilysm=i love you|luv=love|dya=do you|wtf=what|wdym=what|4ever=forever|4eva=forever|4e=forever|alot=a lot
myslf=myself|meself=myself|mself=myself|myselfs=myself|mysef=myself|myslef=myself|mysel=myself|miself=myself
himslef=himself|herslef=herself|hurtin=hurting|killin=killing|cuttin=cutting|dyin=dying|livin=living|kil=kill
kll=kill|kiil=kill|klil=kill|kiill=kill|dei=die|dy=die|deid=died|ded=dead|wnat=want|wan=want|wana=want to
wnna=want to|wnt=want|wanto=want to|whant=want|goin=going|goign=going|gng=going|gon=going to|gonn=going to
hapy=happy|lif=life|lfie=life|slef=self|suacide=suicide|sucide=suicide|suicde=suicide|suiside=suicide
suicid=suicide|sewerslide=suicide|sewerside=suicide|sucidal=suicidal|suicidle=suicidal|suey=suicide|beter=better
bettr=better|betr=better|withot=without|witout=without|evryone=everyone|everbody=everybody|ovrdose=overdose
od=overdose|oded=overdosed|oding=overdosing|ods=overdoses|od'd=overdosed|od'ed=overdosed|0d=overdose
overdosd=overdosed|benos=benzos|pilz=pills|pils=pills|piills=pills|unalived=killed|unalive=kill
unaliving=killing|unaliven=killed|un-alive=kill|offing=killing|breath=breathe|breth=breathe|breathin=breathing
brething=breathing|chset=chest|hart=heart|nobodys=nobody is|everyones=everyone is|alr=already|jst=just|jus=just
cut's=cuts|hites=hits|hitts=hits|beets=beats|throwin=throwing|pukin=puking|eatin=eating|thinkin=thinking
nothin=nothing|anythin=anything|everythin=everything|sumthing=something|somethin=something|summat=something
nuthin=nothing|tmrow=tomorrow|tommorow=tomorrow|tommorrow=tomorrow|tomorow=tomorrow|togther=together
becuase=because|beacuse=because|freind=friend|frend=friend|frnd=friend|friends'=friends|gudbye=goodbye
goodby=goodbye|bai=bye|byee=bye|goodnite=goodnight|gn=goodnight|stepfather=stepdad|stepmother=stepmom
stepmum=stepmom|mum=mom|mummy=mom|mommy=mom|mama=mom|daddy=dad|papa=dad|gran=grandma|xanax=xans|xannies=xans
xanny=xans|percs=oxys|perc=oxys|fent=fentanyl|fetty=fentanyl|molly=mdma|ket=ketamine|k=ok|kk=ok|jk=joking
jking=joking
""".replace("\n", "|").split("|")
        if entry
    )
}
"""A typed form and the words it stands for."""

FORMS_BEFORE_A_VERB = {
    "ill": ("i", "will"),
    "id": ("i", "would"),
    "shell": ("she", "will"),
    "hell": ("he", "will"),
    "well": ("we", "will"),
}
"""Forms that are words of their own, too: written out only where one of `AFTER_A_MODAL` follows."""

AFTER_A_MODAL = words("""
    be do never not just kill jump die take end have go probably rather hurt cut hit beat find come only stop
    soon finally sleep see tell miss leave make finish swallow hang shoot slit drown overdose still say feel
    love like disappear
""")

KEY_WORDS: frozenset[str] = words("""
    kill killing killed myself suicide suicidal die dying dead death overdose overdosed overdosing pills
    tonight hurting hurt cutting hitting hits choked choking strangled strangling raped assaulted abused
    abusing breathe breathing unconscious bleeding laxatives purging purged starving fainted fainting goodbye
    anymore forever existing without burden worthless hopeless disappear wrists bridge tablets swallowed
    pointless stepdad boyfriend girlfriend yourself himself herself themselves seizure fentanyl heroin vodka
    bleach antidepressants paracetamol ibuprofen tylenol threatens threatened unresponsive collapsed numb
    chest bruises scratching burning harming selfharm hanging hanged noose razor blade depressed living alive
    worth funeral everyone everybody nobody nothing tomorrow friend brother sister unalive end self cut cuts
    hang rope knife jump harm rape abuse touch touches
""")
"""Words whose misspellings and leet forms are read as meant."""

ORDINARY: frozenset[str] = words("""
    skill skilled skilling filling billed milled willing pulling selling falling calling telling rolling
    living giving loving hurting hunting hurtling tutting cutting putting getting sitting fitting hating
    halting hinting hosting hotting spitting hiding heating bitten hitting quitting checked chocked chocking
    shocked shocking joked joking coked rapped rated raced roped raged taped assaulted accused amused abuser
    abasing bathing breath breather breeding blending breading bleating pleading urging surging merging
    staring starting starring sharing scaring painted feinted tainted painting tainting goodbyes forever
    exciting exiting existing within widow burden burdens wordless worthless helpless hopeful bridges bride
    fridge brides wrist waists tables tablet pointers boyfriends girlfriends lining liking alive olive blame
    blaze black bladed glade blades lazer racer raze laser moose goose loose nose noise friends fiend brothers
    bother other mother sisters mister nothings noting noticing chests chess cheat chased best cheese burying
    turning earning burned banging hanging changing hanger hunger handed changed banged swallow swallows
    followed wallowed harmony harmed charming farming arming warming funerals everyday everybody number numbs
    dumb thumb lumber planned threatening threaten threats bruised cruises scratch stretching scratched
    touched couched worthy north scar star clothes without tonight tonights tonic pulls polls pill bills hills
    fills mills dills death depth deaths heath health wealth bleaches beach breach bleat bleak reach preach
    teach fold hold deal dear deed head read lead dread bead dean self sell elf shelf shell himself herself
    collapses collapse depression depressing depress stressed repressed diepio dine dive diet pie lie tie vie
    dice died dies abuses amusing billing breathed breaths bridget brothel buren choke cooked cooking diving
    filled fried handing harding heroic heroine heron homeless hurling killer leach lister milling nothin
    purge pursed ranged ranging ridge surged torches urged willed shitting hissing shifting hiring wanking
    killers bitting hatting shutting hurtful painful lovely pellets pistol pastel pillow pillows wrists bleeds
    cuties cutter dye dyed tying lying dyeing drying crying trying end ends and send lend bend
""")
"""Ordinary words that look like a misspelt key word and are not one."""

_LEET = str.maketrans("0134578@$!|+", "oieastbasiit")
_LEET_OTHER = str.maketrans("0134578@$!|+", "olehstbasllt")
_JOINED = words("""
    i im want wanna to die kill myself be dead end it my life me cut hurt not dont live anymore just need help
    wanted going gonna tonight
""")


def _one_edit(word: str) -> Iterable[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _misspellings() -> dict[str, str]:
    """Every word one edit from a key word of at least six letters, unless it is ordinary or a key word itself."""
    found: dict[str, str] = {}
    for key in sorted(KEY_WORDS):
        if len(key) < 6:
            continue
        for form in _one_edit(key):
            if form not in KEY_WORDS and form not in ORDINARY and form + "s" not in KEY_WORDS and form != key + "s":
                found.setdefault(form, key)
    return found


MISSPELLINGS = _misspellings()


def _two_edits(word: str) -> str | None:
    """The long, unmistakable key word with the same first letter within two edits (optimal string alignment)."""
    for key in _LONG_KEYS.get(word[0], ()):
        if abs(len(key) - len(word)) <= 2 and _distance(key, word) <= 2:
            return key
    return None


def _distance(left: str, right: str) -> int:
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


_LONG_KEYS: dict[str, tuple[str, ...]] = {}
for _key in sorted(
    words("""
        suicidal overdosed antidepressants unconscious laxatives paracetamol unresponsive boyfriend girlfriend
        selfharm
    """)
):
    _LONG_KEYS[_key[0]] = (*_LONG_KEYS.get(_key[0], ()), _key)
_MASKED: dict[tuple[int, str, str], tuple[str, ...]] = {}
for _key in sorted(KEY_WORDS):
    _place = (len(_key), _key[0], _key[-1])
    _MASKED[_place] = (*_MASKED.get(_place, ()), _key)


def _unmask(word: str) -> str | None:
    """The key word that a masked form such as `k*ll` or `su*cide` hides."""
    for key in _MASKED.get((len(word), word[0], word[-1]), ()):
        if all(a in ("*", b) for a, b in zip(word, key, strict=True)):
            return key
    return None


def _split_run_together(word: str) -> tuple[str, ...] | None:
    """Words of a key phrase written without spaces (`iwanttodie`); at most 30 letters are looked at."""
    if not 8 <= len(word) <= 30:
        return None
    best: list[tuple[str, ...] | None] = [(), *([None] * len(word))]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 7), end):
            left = best[start]
            if (
                left is not None
                and word[start:end] in _JOINED
                and (best[end] is None or len(left) + 1 < len(best[end] or ()))
            ):
                best[end] = (*left, word[start:end])
    parts = best[-1]
    return parts if parts is not None and len(parts) >= 3 else None


def _squeeze(word: str, most: int) -> str:
    """Runs of one letter shortened to at most that many."""
    kept: list[str] = []
    run = 0
    for letter in word:
        run = run + 1 if kept and kept[-1] == letter else 1
        if run <= most:
            kept.append(letter)
    return "".join(kept)


_ELIDED = {"j": "je", "n": "ne", "m": "me", "t": "te", "s": "se", "d": "de", "l": "la", "qu": "que", "c": "ce"}
"""French words before an apostrophe."""


def written_out(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """The word or words that a typed form stands for; the form itself where nothing better is known."""
    plain = word.replace("'", "")
    if word in SHORT_FORMS:
        return SHORT_FORMS[word]
    if plain in SHORT_FORMS and (plain != "cause" or word != "cause"):
        return SHORT_FORMS[plain]
    if "'" in word:
        head, _, tail = word.partition("'")
        if tail in {"ll", "d", "ve", "re", "m"} and head:
            return (head, {"ll": "will", "d": "would", "ve": "have", "re": "are", "m": "am"}[tail])
        if head in _ELIDED and tail:
            return (_ELIDED[head], tail)
        if tail == "s":
            return (
                (head, "is")
                if head
                in {
                    "he",
                    "she",
                    "it",
                    "that",
                    "there",
                    "who",
                    "what",
                    "everyone",
                    "life",
                    "everything",
                    "nothing",
                    "noone",
                    "world",
                    "nobody",
                }
                else (head, "'s")
            )
        plain = plain if plain in known else head
    if plain in known or plain.isdigit():
        return (plain,)
    return _guessed(plain, known)


def _guessed(word: str, known: frozenset[str]) -> tuple[str, ...]:
    if not word or len(word) > 40:
        return (word[:40],) if word else ()
    if not word.isalpha():
        if "*" in word and word.strip("*") and (hidden := _unmask(word)):
            return (hidden,)
        for table in (_LEET, _LEET_OTHER):
            letters = word.translate(table).strip("*!'")
            if letters.isalpha() and (letters in known or letters in SHORT_FORMS):
                return SHORT_FORMS.get(letters, (letters,))
        return (word.strip("*!'$@"),)
    for most in (2, 1):
        squeezed = _squeeze(word, most)
        if squeezed != word and _squeeze(word, 2) != word:
            if squeezed in SHORT_FORMS:
                return SHORT_FORMS[squeezed]
            if squeezed in known:
                return (squeezed,)
    if word.endswith("z") and word[:-1] + "s" in known:
        return (word[:-1] + "s",)
    if word in ORDINARY:
        return (word,)
    if word in MISSPELLINGS:
        return (MISSPELLINGS[word],)
    if len(word) >= 8 and (key := _two_edits(word)):
        return (key,)
    return _split_run_together(word) or (word,)
