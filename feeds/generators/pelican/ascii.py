"""Titles in ASCII, as Pelican spells them before it makes slugs of them.

Letters of other scripts have one spelling each, which the tables here hold; accents are dropped. What they do
not hold is left out, and told, as its spelling cannot be known.
"""

from __future__ import annotations

import unicodedata

from feeds.generators.pelican.han import is_han, spell_han

_LATIN = """
ÆAE ÐD ØO ÞTh ßss æae ðd øo þth ĐD đd ĦH ħh ıi ĸk ŁL łl ŊNG ŋng ŒOE œoe ŦT ŧt ƀb ƁB ƂB ƃb Ƅ6 ƅ6 ƆO ƇC ƈc
ƉD ƊD ƋD ƌd ƍd Ǝ3 Ə@ ƐE ƑF ƒf ƓG ƔG ƕhv ƖI ƗI ƘK ƙk ƚl ƛl ƜW ƝN ƞn ƟO ƢOI ƣoi ƤP ƥp ƦYR Ƨ2 ƨ2 ƩSH ƪsh ƫt
ƬT ƭt ƮT ƱY ƲV ƳY ƴy ƵZ ƶz ƷZH ƸZH ƹzh ƺzh ƻ2 Ƽ5 ƽ5 ƾts ƿw ǀ| ǁ|| ǂ|= ǃ! ǝ@ ǢAE ǣae ǤG ǥg ǮZH ǯzh ǶHV ǷW
ǼAE ǽae ǾO ǿo ȜY ȝy ȠN ȡd ȢOU ȣou ȤZ ȥz ȴl ȵn ȶt ȷj ȸdb ȹqp ȺA ȻC ȼc ȽL ȾT ȿs ɀz Ɂ ɂ ɃB ɄU Ʌ^ ɆE ɇe ɈJ
ɉj Ɋq ɋq ɌR ɍr ɎY ɏy ẜ ẝ ẞSS ẟ Ỻ ỻ Ỽ ỽ Ỿ ỿ
"""

_GREEK = """
Ͱ ͱ Ͳ ͳ ͵, Ͷ ͷ ͻ ͼ ͽ Ϳ ΑA ΒB ΓG ΔD ΕE ΖZ ΗE ΘTh ΙI ΚK ΛL ΜM ΝN ΞKs ΟO ΠP ΡR ΣS ΤT ΥU ΦPh ΧKh ΨPs ΩO αa
βb γg δd εe ζz ηe θth ιi κk λl μm νn ξx οo πp ρr ςs σs τt υu φph χkh ψps ωo Ϗ ϗ& Ϙ ϙ ϚSt ϛst ϜW ϝw ϞQ ϟq
ϠSp ϡsp ϢSh ϣsh ϤF ϥf ϦKh ϧkh ϨH ϩh ϪG ϫg ϬCH ϭch ϮTi ϯti ϳj ϶ Ϸ ϸ Ϻ ϻ ϼ Ͻ Ͼ Ͽ ΐI ῤR ῥR
"""

_CYRILLIC = """
ЀIe ЁIo ЂDj ЃGj ЄIe ЅDz ІI ЇYi ЈJ ЉLj ЊNj ЋTsh ЌKj ЍI ЎU ЏDzh АA БB ВV ГG ДD ЕE ЖZh ЗZ ИI ЙI КK ЛL МM НN
ОO ПP РR СS ТT УU ФF ХKh ЦTs ЧCh ШSh ЩShch Ъ' ЫY Ь' ЭE ЮIu ЯIa аa бb вv гg дd еe жzh зz иi йi кk лl мm
нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ' ыy ь' эe юiu яia ѐie ёio ђdj ѓgj єie ѕdz іi їyi јj љlj
њnj ћtsh ќkj ѝi ўu џdzh ҐG' ґg' ҒG' ғg' ҔG' ҕg' ҖZh' җzh' ҘZ' ҙz' ҚK' қk' ҜK' ҝk' ҞK' ҟk' ҠK' ҡk' ҢN'
ңn' ҤNg ҥng ҦP' ҧp' ҨKh ҩkh ҪS' ҫs' ҬT' ҭt' ҮU үu ҰU' ұu' ҲKh' ҳkh' ҴTts ҵtts ҶCh' ҷch' ҸCh' ҹch' ҺH һh
ҼCh ҽch ҾCh' ҿch' Ӏ` ӁZh ӂzh ӃK' ӄk' Ӆ ӆ ӇN' ӈn' Ӊ ӊ ӋCh ӌch Ӎ ӎ ӏ Ӑa ӑa ӒA ӓa ӔAe ӕae ӖIe ӗie Ә@ ә@ Ӛ@
ӛ@ ӜZh ӝzh ӞZ ӟz ӠDz ӡdz ӢI ӣi ӤI ӥi ӦO ӧo ӨO өo ӪO ӫo ӬE ӭe ӮU ӯu ӰU ӱu ӲU ӳu ӴCh ӵch Ӷ ӷ ӸY ӹy Ӻ ӻ Ӽ ӽ
Ӿ ӿ
"""

_HEBREW = """
אA בb גg דd הh וv זz חH טT יy ךKH כKH לl םm מm ןn נn סs ע` ףp פp ץTS צTS קk רr שSH תt
"""

_ARABIC = """
ء آa أ' ؤw' إ ئy' ا بb ة@ تt ثth جj حH خkh دd ذdh رr زz سs شsh صS ضD طT ظZ ع` غG فf قq كk لl مm نn هh وw
ى~ يy پp چch ژj کkh گg یy ،, ؛; ؟? ۰0 ۱1 ۲2 ۳3 ۴4 ۵5 ۶6 ۷7 ۸8 ۹9 ٠0 ١1 ٢2 ٣3 ٤4 ٥5 ٦6 ٧7 ٨8 ٩9
"""

_KANA = """
ぁa あa ぃi いi ぅu うu ぇe えe ぉo おo かka がga きki ぎgi くku ぐgu けke げge こko ごgo さsa
ざza しshi じzi すsu ずzu せse ぜze そso ぞzo たta だda ちchi ぢdi っtsu つtsu づdu てte
でde とto どdo なna にni ぬnu ねne のno はha ばba ぱpa ひhi びbi ぴpi ふhu ぶbu ぷpu へhe
べbe ぺpe ほho ぼbo ぽpo まma みmi むmu めme もmo ゃya やya ゅyu ゆyu ょyo よyo らra りri
るru れre ろro ゎwa わwa ゐwi ゑwe をwo んn ゔvu
"""

_SIGNS = """
¡! ¢C/ £PS ¤$? ¥Y= ¦| §SS ©(c) «<< ¬! ®(r) °deg ±+- ¶P ·* »>> ¿? ×x ÷/ ‐-
‒- –- —-- ―-- ‖|| ‘' ’' ‚, ‛' “" ”" „,, ‟" †+ ‡++ •* ‣*> ‧. ‰%0 ‱%00 ′' ‵`
‸^ ‹< ›> ※* ‽!? ‿_ ⁀- ⁁^ ⁂*** ⁃-- ⁄/ ⁅-[ ⁆]- ⁊& ⁋PP ⁌(] ⁍[) ⁎* ⁒% ⁓~ ₠ECU
₡CL ₢Cr ₣FF ₤L ₥mil ₦N ₧Pts ₩W ₪NS ₫D €EUR ₭K ₮T ₯Dr ₰Pf ₱P ₲G ₳A ₴UAH ₵C|
₶L ₷Sm ₸T ₹Rs ₺L ₻M ₼m ₽R ₾l ₿BTC 〃" 々" 〆/ 〇0 〒@ ・* ー- ヽ" ヾ" 〝`` 〞''
"""

_SYMBOLS = """
℗(p) ℟R/ ℣V/ ℮e ℲF ⅍A/S ⅎF ↀ(D ↁD) ←- →- ↔- ↚- ↛- ↞- ↠- ↢- ↣- ↤- ↦- ↩- ↪- ↫- ↬- ↭- ↮- ↷V ↺V ↼- ↽- ⇀- ⇁-
⇠- ⇢- ⇤- ⇥- ⇦- ⇨- ⇰- −- ⓫11 ⓬12 ⓭13 ⓮14 ⓯15 ⓰16 ⓱17 ⓲18 ⓳19 ⓴20 ⓵1 ⓶2 ⓷3 ⓸4 ⓹5 ⓺6 ⓻7 ⓼8 ⓽9 ⓾10 ⓿0 ─- ━-
┄- ┅- ┈- ┉- ╌- ╍- ═- ╳X ╴- ╶- ╸- ╺- ╼- ╾- ▔- ▼V ▽V ▾V ▿V ◯O ♠spades ♡hearts ♢diamonds ♣clubs ♤spades
♥hearts ♦diamonds ♧clubs
"""

_SPACED = {
    "、": ", ",
    "。": ". ",
    "〉": "> ",
    "》": ">> ",
    "」": "] ",
    "』": "} ",
    "】": ")] ",
    "〓": "X ",
    "〕": "] ",
    "〗": "]] ",
    "〙": ")) ",
    "〛": "]] ",
    "〜": "~ ",
    "〷": " // ",
    "⟩": "> ",
    "\u200b": " ",
    "\u2028": "\n",
    "\u2029": "\n\n",
}

_INITIALS = "g gg n d dd r m b bb s ss  j jj c k t p h".split(" ")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u weo we wi yu eu yi i".split()
_FINALS = " g gg gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j c k t p h".split(" ")
_TO_KATAKANA = 0x60
_FIRST_SYLLABLE, _LAST_SYLLABLE = "\uac00", "\ud7a3"

_UNSPELT = (
    (0x80, 0xA0),
    (0xAD, 0xAE),
    (0x0300, 0x0363),
    (0x200C, 0x2010),
    (0x202A, 0x202F),
    (0x204F, 0x2070),
    (0x2190, 0x2654),
    (0x2668, 0x2800),
    (0x2900, 0x2984),
    (0x2985, 0x2C00),
    (0x3099, 0x309B),
    (0xFE00, 0xFE10),
    (0xFEFF, 0xFF00),
    (0xFFFD, 0xFFFE),
    (0x10000, 0x1F150),
    (0x1F1AE, 0x1F670),
    (0x1F67C, 0x110000),
)
"""What has no spelling that would be seen in a slug: marks, arrows, pictures, all of the higher planes."""


def _pairs(*tables: str) -> dict[str, str]:
    return {entry[0]: entry[1:] for table in tables for entry in table.split()}


_SPELLINGS: dict[str, str] = {
    **_pairs(_LATIN, _GREEK, _CYRILLIC, _HEBREW, _ARABIC, _KANA, _SIGNS, _SYMBOLS),
    **{chr(ord(char) + _TO_KATAKANA): spelt for char, spelt in _pairs(_KANA).items()},
    **_pairs("ヵka ヶke ヷva ヸvi ヹve ヺvo"),
    **_SPACED,
    **_pairs("〈< 《<< 「[ 『{ 【[( 〔[ 〖[[ 〘(( 〚[["),
}


def spell(text: str) -> tuple[str, str]:
    """The text in ASCII, and the characters in it whose spelling is not known for sure.

    Args:
        text: in the normalisation form NFKC.
    """
    if text.isascii():
        return text, ""
    unsure: dict[str, None] = {}
    spelt: list[str] = []
    for char in text:
        made, sure = (char, True) if char.isascii() else _spell_character(char)
        spelt.append(made)
        if not sure:
            unsure[char] = None
    return "".join(spelt), "".join(unsure)


def _spell_character(char: str) -> tuple[str, bool]:
    if char in _SPELLINGS:
        return _SPELLINGS[char], True
    if _FIRST_SYLLABLE <= char <= _LAST_SYLLABLE:
        initial, rest = divmod(ord(char) - ord(_FIRST_SYLLABLE), len(_VOWELS) * len(_FINALS))
        vowel, final = divmod(rest, len(_FINALS))
        return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final], True
    if is_han(char):
        return spell_han(char)
    if any(first <= ord(char) < end for first, end in _UNSPELT):
        return "", True
    base = unicodedata.normalize("NFD", char)[0]
    if base != char:
        return (base, True) if base.isascii() else _spell_character(base)
    return "", False
