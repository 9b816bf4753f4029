"""Sentences of our own with their trees, of kinds the news is full of and web treebanks lack.

Short past-tense sentences of a name, a verb and an object; headlines in the present; participles that
follow their noun beside verbs in the past that look the same; two verbs with one object; names behind
titles and in apposition. The conventions are those of EWT and GUM.
"""
import random

from data import Sent

VERBS = """promise promised promised: election+ reform+ aid= change= talk+ vote
seize seized seized: town airport weapon+ power= village+ base
attack attacked attacked: village convoy base protester+ camp+ ship
free freed freed: prisoner+ hostage+ journalist+ activist
expel expelled expelled: diplomat+ ambassador journalist+ envoy
sign signed signed: agreement deal law treaty pact
reject rejected rejected: proposal offer ceasefire accusation+ plan bid
welcome welcomed welcomed: decision ceasefire vote deal
condemn condemned condemned: attack killing+ coup raid+ arrest+
arrest arrested arrested: protester+ suspect+ journalist+ activist+ lawyer
demand demanded demanded: ransom apology withdrawal answer+ justice= inquiry
shell shelled shelled: village+ position+ town
kill killed killed: civilian+ soldier+ policeman rebel+ farmer+
suspend suspended suspended: talk+ aid= flight+ constitution member
impose imposed imposed: sanction+ curfew tariff+ ban
lift lifted lifted: sanction+ curfew ban siege
win won won: election vote seat+ referendum
lose lost lost: election vote town
hold held held: talk+ election+ rally drill+ meeting
send sent sent: troop+ aid= envoy letter
cut cut cut: tie+ aid= supply
back backed backed: plan bid government rebel+ candidate
train trained trained: fighter+ soldier+ police* recruit+ guard+
equip equipped equipped: fighter+ soldier+ police* militia
arm armed armed: rebel+ militia fighter+
fund funded funded: rebel+ militia party campaign
detain detained detained: lawmaker+ suspect+ migrant+ general+ minister
storm stormed stormed: parliament embassy palace prison
loot looted looted: shop+ warehouse market+
burn burned burned: house+ flag+ church
recruit recruited recruited: fighter+ soldier+ child+
deploy deployed deployed: troop+ police* soldier+ warship
close closed closed: border embassy school+ airspace=
reopen reopened reopened: border embassy airport talk+
dissolve dissolved dissolved: parliament government cabinet
dismiss dismissed dismissed: minister general+ claim+ prosecutor
appoint appointed appointed: envoy minister judge+
elect elected elected: president speaker
block blocked blocked: road+ aid= bill vote
ambush ambushed ambushed: convoy patrol soldier+
pledge pledged pledged: aid= support= reform+
accept accepted accepted: offer proposal deal
postpone postponed postponed: election vote trip summit
withdraw withdrew withdrawn: troop+ ambassador offer
announce announced announced: election+ ceasefire reform+ plan
declare declared declared: ceasefire emergency victory= war=
resume resumed resumed: talk+ flight+ strike+
threaten threatened threatened: sanction+ strike+ neighbour+
halt halted halted: export+ talk+ offensive
approve approved approved: budget bill deal
veto vetoed vetoed: bill resolution
ban banned banned: rally party protest+ newspaper"""
COORD = """train equip|arm train|train arm|recruit train|arm fund|fund equip|loot burn|arrest detain|storm loot|ambush kill
attack loot|detain expel|attack burn|seize loot|shell seize""".replace("\n", "|").split("|")
PEOPLE = """rebel+ soldier+ gunman+ militant+ protester+ lawmaker+ official+ police* troop+ separatist+ prosecutor+ striker+
migrant+ minister+ opposition army junta government parliament cabinet court militia president king envoy general union""".split()
CHIEFS = "president government army junta parliament king envoy opposition court cabinet police* minister spokesman".split()
IRREGULAR = {"policeman": "policemen", "gunman": "gunmen", "child": "children", "supply": "supplies",
             "party": "parties", "church": "churches"}
PARTICIPLES_OF = {"jailed": "jail", "wanted": "want", "disputed": "dispute", "looted": "loot", "besieged": "besiege", "exiled": "exile",
                  "occupied": "occupy", "stolen": "steal", "detained": "detain", "planned": "plan", "armed": "arm", "ousted": "oust"}
PARTICIPLES = sorted(PARTICIPLES_OF)
COUNTRIES = """Guinea Mali Niger Kenya Somalia Ethiopia Sudan Chad Egypt Libya Tunisia Algeria Morocco Nigeria Ghana Togo Gabon Rwanda
Burundi Uganda Zambia Angola Israel Lebanon Syria Iraq Iran Jordan Yemen Qatar Oman Turkey Greece Serbia Kosovo Hungary Poland
Ukraine Russia Belarus Moldova Georgia Armenia Azerbaijan Kazakhstan Pakistan India Nepal Myanmar Thailand Cambodia Vietnam China Japan
Taiwan Indonesia Fiji Peru Chile Bolivia Colombia Venezuela Haiti Cuba Mexico Brazil France Germany Spain Britain Norway Canada""".split()
NATIONS = """Malian Kenyan Somali Ethiopian Sudanese Egyptian Libyan Israeli Lebanese Syrian Iraqi Iranian Yemeni Turkish Greek
Serbian Hungarian Polish Ukrainian Russian Georgian Armenian Kazakh Pakistani Indian Burmese Thai Vietnamese Chinese Japanese
Peruvian Colombian Venezuelan Haitian Cuban Mexican Brazilian French German Spanish British""".split()
BODIES = "NATO UN EU ECOWAS Hamas Hezbollah IAEA OPEC ASEAN WHO Taliban Fatah Kremlin Pentagon Knesset ANC RSF M23 PKK".split()
CITIES = """Conakry Bamako Niamey Nairobi Mogadishu Goma Khartoum Tripoli Tunis Jenin Gaza Beirut Homs Mosul Basra Tehran Sanaa Ankara
Pristina Kyiv Odesa Kharkiv Minsk Tbilisi Yerevan Baku Kabul Lahore Delhi Dhaka Yangon Hanoi Beijing Manila Lima Bogota Caracas Paris
Berlin Geneva Doha Riyadh Cairo Lagos Juba""".split()
FIRST = """Amadou Mariam Grace Peter Elena Viktor Ivan Olga Ahmed Fatima Hassan Leila Yusuf Aisha Chen Mei Hiroshi Anna Jan Marta Carlos
Lucia Jorge Rosa Jean Claire Hans Ingrid Samuel Esther Daniel Miriam Nikol Ilham Rajiv Sunita""".split()
LAST = """Diallo Keita Mwangi Okello Petrov Ivanova Kovalenko Hassan Rahimi Karimi Demir Yilmaz Haddad Khoury Cohen Levi Tanaka Nguyen
Wang Silva Rojas Mendoza Moreau Lefevre Schmidt Novak Kowalski Horvat Popescu Sharma Khan Bhutto Traore Mensah Okafor Abebe Tesfaye""".split()
TITLES = (("President",), ("Prime", "Minister"), ("Foreign", "Minister"), ("Defence", "Minister"), ("Gen.",), ("Colonel",),
          ("King",), ("Senator",), ("Chancellor",), ("Governor",), ("Mayor",), ("Ambassador",), ("Mr.",))
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


class Node:
    """A word with what hangs on it, left and right."""

    def __init__(self, form, upos, xpos, lemma=None, left=(), right=()):
        self.form, self.upos, self.xpos, self.lemma = form, upos, xpos, form if lemma is None else lemma
        self.left, self.right = list(left), list(right)  # (relation, Node)

    def sentence(self, weight):
        order = []

        def walk(node, head, rel):
            for r, n in node.left:
                walk(n, node, r)
            order.append((node, head, rel))
            for r, n in node.right:
                walk(n, node, r)

        walk(self, None, "root")
        at = {id(n): i + 1 for i, (n, _, _) in enumerate(order)}
        return Sent([[i + 1, n.form, n.lemma, n.upos, n.xpos, "_", at[id(h)] if h else 0, r]
                     for i, (n, h, r) in enumerate(order)], weight)


def punct(mark):
    return Node(mark, "PUNCT", mark)


def proper(form, *flat):
    return Node(form, "PROPN", "NNP", right=[("flat", Node(f, "PROPN", "NNP")) for f in flat])


class Maker:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.verbs = {}
        for line in VERBS.split("\n"):
            forms, objects = line.split(": ")
            base, past, part = forms.split()
            self.verbs[base] = past, part, objects.split()

    def one(self, xs):
        return self.rng.choice(xs)

    def luck(self, p):
        return self.rng.random() < p

    def noun(self, word, det):
        """A noun of the lists: + plural, = no article, * plural without s."""
        kind, base = (word[-1], word[:-1]) if word[-1] in "+=*" else ("", word)
        if kind == "+":
            n = Node(IRREGULAR.get(base, base + "s"), "NOUN", "NNS", base)
        else:
            n = Node(base, "NOUN", "NNS" if kind == "*" else "NN")
        if kind == "+" and self.luck(0.25):
            form = self.one(["two", "three", "12", "40", "dozens", "several", "300"])
            if form == "several":
                n.left.append(("amod", Node(form, "ADJ", "JJ")))
            elif form == "dozens":
                return Node("dozens", "NOUN", "NNS", "dozen", right=[("nmod", Node(n.form, "NOUN", "NNS", base, [("case", Node("of", "ADP", "IN"))]))])
            else:
                n.left.append(("nummod", Node(form, "NUM", "CD")))
        elif det and (kind == "" or (kind in "+*" and self.luck(0.3))):
            form = "the" if kind or self.luck(0.5) else "an" if base[0] in "aeiou" else "a"
            n.left.append(("det", Node(form, "DET", "DT", "a" if form == "an" else form)))
        if not det and self.luck(0.15):
            n.left.append(("amod", Node(*self.participle())))
        elif self.luck(0.15):
            at = len(n.left)
            n.left.insert(at, ("amod", Node(self.one(NATIONS), "ADJ", "JJ")))
            if at and n.left[0][1].form in ("a", "an"):
                n.left[0][1].form = "an" if n.left[at][1].form[0] in "AEIOU" else "a"
        return n

    def participle(self):
        form = self.one(PARTICIPLES)
        return form, "VERB", "VBN", PARTICIPLES_OF[form]

    def owned(self, word):
        n = self.noun(word, False)
        if any(r != "amod" for r, _ in n.left) or n.right:
            return n
        n.left.insert(0, ("nmod:poss", Node(self.one(COUNTRIES), "PROPN", "NNP", right=[("case", Node(self.one(["'s", "'s", "\u2019s"]), "PART", "POS", "'s"))])))
        return n

    def person(self):
        return proper(self.one(LAST)) if self.luck(0.45) else proper(self.one(FIRST), self.one(LAST))

    def titled(self):
        p, t = self.person(), self.one(TITLES)
        title = Node(t[-1], "PROPN", "NNP")
        if len(t) > 1:
            kind = ("amod", Node(t[0], "ADJ", "NNP")) if t[0] != "Defence" else ("compound", Node(t[0], "PROPN", "NNP"))
            title.left.append(kind)
        if self.luck(0.35):
            title.left.insert(0, ("amod", Node(self.one(NATIONS), "ADJ", "JJ")))
        p.left.append(("nmod:desc", title))
        return p

    def appos(self):
        role = Node("minister", "NOUN", "NN", left=[self.one([("amod", Node("foreign", "ADJ", "JJ")), ("amod", Node("prime", "ADJ", "JJ")),
                                                              ("compound", Node("defence", "NOUN", "NN"))])])
        name = proper(self.one(FIRST), self.one(LAST))
        owner = ("nmod:poss", Node(self.one(COUNTRIES), "PROPN", "NNP", right=[("case", Node("'s", "PART", "POS"))]))
        if self.luck(0.5):
            role.left.insert(0, owner)
            role.left.insert(0, ("punct", punct(",")))
            name.right.append(("appos", role))
            name.right.append(("punct", punct(",")))
            return name
        role.left.insert(0, owner if self.luck(0.5) else ("det", Node("the", "DET", "DT")))
        if self.luck(0.6):
            name.left.append(("punct", punct(",")))
            role.right += [("appos", name), ("punct", punct(","))]
        else:
            role.right.append(("appos", name))
        return role

    def subject(self, headline=False):
        r = self.rng.random()
        if r < 0.2:
            return proper(self.one(COUNTRIES))
        if r < 0.34:
            return self.owned(self.one(CHIEFS))
        if r < 0.44:
            return self.person()
        if r < 0.54:
            return self.titled()
        if r < 0.62 and not headline:
            return self.appos()
        if r < 0.7:
            return proper(self.one(BODIES))
        if r < 0.78:
            n = self.noun(self.one(CHIEFS), False)
            if not n.left:
                n.left.append(("compound", Node(self.one(["UN", "US", "EU", "NATO", "Hamas"]), "PROPN", "NNP")))
            return n
        return self.noun(self.one(PEOPLE), not headline)

    def object(self, base, det=True):
        r = self.rng.random()
        if base in ("attack", "condemn", "welcome", "back", "arm", "fund", "shell", "reject") and r < 0.25:
            return self.person() if base in ("condemn", "back") and r < 0.1 else proper(self.one(COUNTRIES if base != "shell" else CITIES))
        return self.noun(self.one(self.verbs[base][2]), det)

    def adjunct(self):
        r = self.rng.random()
        if r < 0.3:
            return "obl", Node(self.one(DAYS), "PROPN", "NNP", left=[("case", Node("on", "ADP", "IN"))])
        if r < 0.4:
            return "obl:unmarked", Node(self.one(DAYS), "PROPN", "NNP")
        if r < 0.75:
            return "obl", Node(self.one(CITIES), "PROPN", "NNP", left=[("case", Node(self.one(["in", "near", "outside"]), "ADP", "IN"))])
        n = self.noun(self.one(["attack", "talk+", "clash+", "coup", "raid", "vote", "border"]).replace("clash+", "protest+"), True)
        case = "near" if n.form == "border" else self.one(["after", "before", "despite", "amid"])
        n.left.insert(0, ("case", Node(case, "ADP", "IN")))
        return "obl", n

    def past(self, subject=True, adjuncts=0.5):
        base = self.one(list(self.verbs))
        v = Node(self.verbs[base][0], "VERB", "VBD", base)
        if subject:
            v.left.append(("nsubj", self.subject()))
        v.right.append(("obj", self.object(base)))
        if self.luck(adjuncts):
            v.right.append(self.adjunct())
        return v

    def two(self):
        """Two verbs in the past: with one object, or each with its own."""
        if self.luck(0.6):
            a, b = self.one(COORD).split()
            if self.luck(0.3):
                a, b = b, a
            v = Node(self.verbs[a][0], "VERB", "VBD", a, [("nsubj", self.subject())])
            v.right = [("conj", Node(self.verbs[b][0], "VERB", "VBD", b, [("cc", Node("and", "CCONJ", "CC"))])), ("obj", self.object(b))]
            if self.luck(0.3):
                v.right.append(self.adjunct())
            return v
        v, other = self.past(adjuncts=0), self.past(False)
        other.left.insert(0, ("cc", Node("and", "CCONJ", "CC")))
        v.right.append(("conj", other))
        return v

    def passive(self):
        base = self.one(["arrest", "kill", "detain", "free", "elect", "attack", "expel", "dismiss", "ban", "seize", "suspend", "reject"])
        n = self.noun(self.one(self.verbs[base][2]), True)
        aux = Node("were" if n.xpos == "NNS" else "was", "AUX", "VBD", "be")
        v = Node(self.verbs[base][1], "VERB", "VBN", base, [("nsubj:pass", n), ("aux:pass", aux)])
        if self.luck(0.5):
            v.right.append(("obl:agent", self.by()))
        if self.luck(0.4):
            v.right.append(self.adjunct())
        return v

    def by(self):
        n = self.noun(self.one(PEOPLE), True) if self.luck(0.5) else proper(self.one(COUNTRIES + BODIES))
        n.left.insert(0, ("case", Node("by", "ADP", "IN")))
        return n

    def reduced(self, headline=False):
        """A noun with a participle behind it, then the verb."""
        base = self.one(["train", "back", "arm", "fund", "equip", "recruit", "deploy"])
        v = self.past(False) if not headline else self.present(False)
        n = self.noun(self.one(["rebel+", "fighter+", "militant+", "troop+", "soldier+", "militia", "group"]), not headline)
        n.right.append(("acl", Node(self.verbs[base][1], "VERB", "VBN", base, right=[("obl:agent", self.by())])))
        if headline:
            self.agree(v, n)
        v.left.insert(0, ("nsubj", n))
        return v

    def agree(self, v, subject):
        many = subject.xpos == "NNS" or any(r == "conj" for r, _ in subject.right)
        base = v.lemma
        s = base + ("es" if base.endswith(("s", "sh", "ch", "o")) else "s")
        v.form, v.xpos = (base, "VBP") if many else (s, "VBZ")

    def present(self, subject=True):
        base = self.one(list(self.verbs))
        v = Node(base, "VERB", "VBP")
        if subject:
            s = self.subject(headline=True)
            if self.luck(0.15) and s.upos == "PROPN" and not s.left and not s.right:
                s.right.append(("conj", Node(self.one(COUNTRIES), "PROPN", "NNP", left=[("punct", punct(","))])))
            self.agree(v, s)
            v.left.append(("nsubj", s))
        if self.luck(0.2) and subject:
            verb = self.one(["agree", "vow", "pledge", "refuse", "threaten", "move"])
            v2 = Node(base, "VERB", "VB", left=[("mark", Node("to", "PART", "TO"))], right=[("obj", self.object(base, False))])
            v.lemma = verb
            self.agree(v, v.left[-1][1])
            v.right.append(("xcomp", v2))
        else:
            v.right.append(("obj", self.object(base, False)))
        if self.luck(0.4):
            v.right.append(self.adjunct())
        return v

    def ing(self, base):
        return {"cut": "cutting", "win": "winning", "ban": "banning", "expel": "expelling"}.get(base, (base[:-1] if base.endswith("e") and base != "free" else base) + "ing")

    def pair(self):
        """Headlines of two deeds: "Thai king visits Laos, signs pact"; "Two killed as police storm camp"."""
        if self.luck(0.5):
            v, other = self.present(), self.present(False)
            v.right = [r for r in v.right if r[0] in ("obj", "xcomp")]
            self.agree(other, v.left[-1][1])
            other.left.insert(0, ("punct", punct(",")))
            v.right.append(("conj", other))
            return v
        v, other = (self.killed(), self.present()) if self.luck(0.5) else (self.present(), self.present())
        v.right = v.right[:1]
        other.left.insert(0, ("mark", Node("as", "SCONJ", "IN")))
        v.right.append(("advcl", other))
        return v

    def accuses(self):
        base = self.one(list(self.verbs))
        deed = Node(self.ing(base), "VERB", "VBG", base, [("mark", Node("of", "SCONJ", "IN"))], [("obj", self.object(base, False))])
        v = Node("accuse", "VERB", "VBP", "accuse", [("nsubj", self.subject(True))], [("obj", proper(self.one(COUNTRIES + BODIES))), ("advcl", deed)])
        self.agree(v, v.left[0][1])
        return v

    def killed(self):
        """Two soldiers killed in Goma: the headline's passive without its auxiliary."""
        base = self.one(["kill", "arrest", "detain", "free", "attack", "seize", "ambush"])
        n = self.noun(self.one(self.verbs[base][2]), False)
        v = Node(self.verbs[base][1], "VERB", "VBN", base, [("nsubj:pass", n)])
        if self.luck(0.3):
            v.right.append(("obl:agent", self.by()))
        city = Node(self.one(CITIES), "PROPN", "NNP", left=[("case", Node(self.one(["in", "near"]), "ADP", "IN"))])
        v.right.append(("obl", city))
        return v

    def said(self):
        inner, who = self.past() if self.luck(0.6) else self.passive(), self.subject() if self.luck(0.5) else self.noun("official+", False)
        say = Node("said", "VERB", "VBD", "say")
        if self.luck(0.5):
            say.left = [("ccomp", inner), ("punct", punct(",")), ("nsubj", who)]
            return say
        if self.luck(0.4):
            inner.left.insert(0, ("mark", Node("that", "SCONJ", "IN")))
        say.left, say.right = [("nsubj", who)], [("ccomp", inner)]
        return say

    def accused(self):
        base = self.one(list(self.verbs))
        deed = Node(self.ing(base), "VERB", "VBG", base, [("mark", Node("of", "SCONJ", "IN"))], [("obj", self.object(base))])
        v = Node("accused", "VERB", "VBD", "accuse", [("nsubj", self.subject())], [("obj", proper(self.one(COUNTRIES + BODIES))), ("advcl", deed)])
        return v

    def vowed(self):
        verb = self.one(["vowed vow", "agreed agree", "refused refuse", "promised promise", "threatened threaten"]).split()
        base = self.one(list(self.verbs))
        deed = Node(base, "VERB", "VB", left=[("mark", Node("to", "PART", "TO"))], right=[("obj", self.object(base))])
        return Node(verb[0], "VERB", "VBD", verb[1], [("nsubj", self.subject())], [("xcomp", deed)])

    def make(self, weight):
        r, stop = self.rng.random(), True
        if r < 0.3:
            v = self.past(adjuncts=0.45)
        elif r < 0.44:
            v = self.two()
        elif r < 0.5:
            v = self.passive()
        elif r < 0.58:
            v = self.reduced()
        elif r < 0.65:
            v = self.said()
        elif r < 0.69:
            v = self.accused()
        elif r < 0.74:
            v = self.vowed()
        else:
            kinds = (self.present,) * 8 + (self.reduced,) + (self.killed,) * 2 + (self.pair,) * 4 + (self.accuses,)
            kind = self.one(kinds)
            v, stop = kind(True) if kind == self.reduced else kind(), False
        if stop:
            v.right.append(("punct", punct(".")))
        s = v.sentence(weight)
        s.forms[0] = s.forms[0][:1].upper() + s.forms[0][1:]
        if not stop and self.luck(0.5):
            small = {"a", "the", "of", "in", "on", "to", "by", "and", "after", "near", "amid", "as", "'s", "\u2019s"}
            s.forms = [f if f in small and i else f[:1].upper() + f[1:] for i, f in enumerate(s.forms)]
        return s


def sentences(count=1800, weight=0.5, seed=4):
    m = Maker(seed)
    return [m.make(weight) for _ in range(count)]


if __name__ == "__main__":
    for s in sentences(60, seed=9):
        print(" ".join(f"{f}/{x}" for f, x in zip(s.forms, s.xpos)))
        print("   ", " ".join(f"{i + 1}:{f}>{h}:{r}" for i, (f, h, r) in enumerate(zip(s.forms, s.heads, s.rels))))
