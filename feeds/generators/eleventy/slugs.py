"""Slugs as Eleventy's filters make them: `slugify` (@sindresorhus/slugify) and the older `slug` (slugify)."""

from __future__ import annotations

import re
import unicodedata

# What a letter becomes, where it is not its base letter without accents; capitals as their small letters.
_LETTERS = (
    "c:¢ցڅ₡₵￠ y:¥ΰυϋύйыըյئيیޔ￥ ss:ß ae:äæ d:ðđδдդدضڈډޑޟდﺫ oe:ö o:øοωόώоօޮო ue:ü th:þθثތޛ "
    "h:ħհحهھہހჰ i:ıΐήίηιϊиіիإިი l:łλлլلލლ₺ b:Βбբبބ߿฿ბ₿ a:άαаաآأاىއޢަა₳ e:έεеэէءعۀېےެე€ v:βвվވვ "
    "g:γгґգږګگގგ₲ z:ζзզزظځޒޜޡზﺯ k:κкկكکކკყ₭ m:μмմمމმ₥ n:νнնنںڼނნ₦ ks:ξ p:πпպփټپޕპ₱₽ r:ρрռրرڑړރრ₹ﺭ "
    "s:ςσсսسصސޞს₫₰₴₷ t:τтթտةتطٹޓޠ৳თტ₮₸ f:φфֆفފ₣ x:χښ ps:ψ zh:жժژჟ u:уُުუ kh:хխخޚხ ts:цծცწ "
    "ch:чչچޗჩ sh:шշشށޝშ sch:щ yu:ю ya:я yo:ё ye:єե yi:ї lj:љ nj:њ kj:ќ dz:ձძ gh:ղغޣღ tch:ճჭ vo:ո "
    "j:ջجޖჯ q:քقޤქ yev:և w:ؤوޥ₩￦ dh:ذދ 0:٠۰⓿ 1:١۱⑴⓵ 2:٢۲⑵⓶ 3:٣۳⑶⓷ 4:٤۴⑷⓸ 5:٥۵⑸⓹ 6:٦۶⑹⓺ 7:٧۷⑺⓻ "
    "8:٨۸⑻⓼ 9:٩۹⑼⓽ ai:ۍ lh:ޅ gn:ޏ tt:ޘ₶ hh:ޙ aa:ާ ee:ީ oo:ޫ ey:ޭ oa:ޯ bo:૱ ph:ფ ce:₠ cr:₢ pt:₧ "
    "dp:₯ 10:⑽⓾ 11:⑾⓫ 12:⑿⓬ 13:⒀⓭ 14:⒁⓮ 15:⒂⓯ 16:⒃⓰ 17:⒄⓱ 18:⒅⓲ 19:⒆⓳ 20:⒇⓴ "
)
_PAIRS = {"ъе": "ye", "ый": "iy"}
_WORDS = {"&": " and ", "🦄": " unicorn ", "♥": " love "}
# Accents and other marks that vanish, where all else becomes a hyphen (Unicode's property Diacritic).
_MARKS = (
    "5e 60 a8 af b4 b7-b8 2b0-34e 350-357 35d-362 374-375 37a 384-385 387 483-487 559 591-5bd 5bf "
    "5c1-5c2 5c4-5c5 5c7 64b-64e 650-652 657-658 6df-6e0 6e5-6e6 6ea-6ec 730-74a 7b0 7eb-7f5 "
    "818-819 898-89f 8c9-8d2 8e3-8fe 93c 94d 951-954 971 9bc 9cd a3c a4d abc acd afd-aff b3c "
    "b4d-b55 bcd c3c c4d cbc ccd d3b-d3c d4d dca e3a e47-e4c e4e eba ec8-ecc f18-f19 f35 f37 f39 "
    "f3e-f3f f82-f84 f86-f87 fc6 1037 1039-103a 1063-1064 1069-106d 1087-108d 108f 109a-109b "
    "135d-135f 1714-1715 1734 17c9-17d3 17dd 1939-193b 1a60 1a75-1a7f 1ab0-1abe 1ac1-1acb 1b34 "
    "1b44 1b6b-1b73 1baa-1bab 1be6 1bf2-1bf3 1c36-1c37 1c78-1c7d 1cd0-1ce8 1ced 1cf4 1cf7-1cf9 "
    "1d2c-1d6a 1d9b-1dbe 1dc4-1dcf 1df5-1dff 1fbd 1fbf-1fc1 1fcd-1fcf 1fdd-1fdf 1fed-1fef "
    "1ffd-1ffe 2cef-2cf1 2e2f 302a-302f 3099-309c 30fc a66f a67c-a67d a67f a69c-a69d a6f0-a6f1 "
    "a700-a721 a788-a78a a7f8-a7f9 a806 a82c a8c4 a8e0-a8f1 a92b-a92e a953 a9b3 a9c0 a9e5 "
    "aa7b-aa7d aabf-aac2 aaf6 ab5b-ab5f ab69-ab6b abec-abed fb1e fe20-fe2f ff3e ff40 ff70 "
    "ff9e-ff9f ffe3 "
)
# What the older filter makes of a character; it drops those that it does not name.
_NAMED = (
    "dollar:$ percent:% and:& less:< greater:> or:| cent:¢ pound:£ currency:¤ yen:¥円 (c):© "
    "a:ªàáâãäåāăąάαаԱءأاعىَაạảấầẩẫậắằẳẵặ (r):® o:ºòóôõöøōőơ˚οόоოọỏốồổỗộớờởỡợ ss:ß ae:æә c:çćčцћՑ "
    "e:èéêëēėęěəέεеэԵئِეẹẻẽếềểễệ i:ìíîïĩīįİıΐίιϊиіԻإიỉị d:ðďδдԴدდ∂ n:ñńņňνнՆنნ "
    "u:ùúûüũūůűųưуъѝұؤُუụủứừửữự y:ýÿŷΰυϋύыՅيیỳỵỷỹ th:þثذ dj:đђ g:ğģγгґԳگგ k:ķκкԿكکკქ l:ļľłλлԼلლ "
    "oe:œө r:ŕřρрՐرრ s:śşšșςσсՍسصსṣ t:ţťțτтՏتطთტ w:ŵωώوẁẃẅ z:źżžζзԶزظზ f:ƒφфՖفფ lj:ǉљ nj:ǌњ "
    "h:ήηхһՀةحهჰ b:βбԲبბ 8:θ٨۸ m:μмՄمმ 3:ξ٣۳ p:πпՊپპ x:χԽ ps:ψ v:вՎვ zh:жژჟ j:йјՋجჯ ch:чՉچჩჭ "
    "sh:шщՇشშ yu:ю ya:я yo:ё ye:є yi:ї dz:џძ gh:ғՂغღ kh:қخხ ng:ң ue:ү e':Է y':Ը t':Թ jh:Ժ c':Ծ "
    "d':Ձ tw:Ճ r':Ռ p':Փ q':Ք o'':Օ ev:և aa:آ dh:ض q:قყ an:ً on:ٌ en:ٍ 0:٠۰ 1:١۱ 2:٢۲ 4:٤۴ 5:٥۵ "
    "6:٦۶ 7:٧۷ 9:٩۹ baht:฿ ts:ცწ ':‘’ \":“”„ +:† *:• ...:… ecu:₠ cruzeiro:₢ french-franc:₣ lira:₤ "
    "mill:₥ naira:₦ peseta:₧ rupee:₨ won:₩ new-shequel:₪ dong:₫ euro:€ kip:₭ tugrik:₮ drachma:₯ "
    "penny:₰ peso:₱ guarani:₲ austral:₳ hryvnia:₴ cedi:₵ kazakhstani-tenge:₸ indian-rupee:₹ "
    "turkish-lira:₺ russian-ruble:₽ bitcoin:₿ sm:℠ tm:™ delta:∆ sum:∑ infinity:∞ love:♥ yuan:元 "
    "rial:﷼ laa:ﻵﻷ lai:ﻹ la:ﻻ -:– "
)
_SILENT = "ъь"
_NO_CAPITALS = "ƑǇǊϴЍ"


def _table(pairs: str) -> dict[str, str]:
    """The text of each character, of `text:characters` between blanks."""
    found: dict[str, str] = {}
    for pair in pairs.split():
        text, _, characters = pair.rpartition(":")
        found |= dict.fromkeys(characters, text)
    return found


def _ranges(text: str) -> str:
    """A class of a regular expression, of hexadecimal ranges between blanks."""
    return "".join("-".join(rf"\u{int(end, 16):04x}" for end in part.split("-")) for part in text.split())


_TRANSLITERATED = _table(_LETTERS)
_MARK = re.compile(f"[{_ranges(_MARKS)}]")
_PAIR = re.compile("|".join(_PAIRS), re.IGNORECASE)
_NAMES = _table(_NAMED)
_BLANK = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_BLANKS = re.compile(f"[{_BLANK}]+")
_CONTRACTION = re.compile(rf"(?<=[a-z0-9])'(?=[ts](?:[{_BLANK}]|\Z))")
_NO_SLUG = re.compile(rf"[^\w{_BLANK}$*+~.()'\"!\-:@]+", re.ASCII)


def slugify(text: str) -> str:
    """The slug that the filter `slugify` makes: small ASCII letters and digits, between hyphens."""
    text = unicodedata.normalize("NFC", text)
    for character, word in _WORDS.items():
        text = text.replace(character, word)
    text = _PAIR.sub(lambda pair: _PAIRS[pair[0].lower()], text)
    text = "".join(map(_transliterated, text)) if not text.isascii() else text
    text = _MARK.sub("", unicodedata.normalize("NFD", text)).lower()
    return re.sub(r"[^a-z0-9]+", "-", _CONTRACTION.sub("", text)).strip("-")


def _transliterated(character: str) -> str:
    if character.isascii():
        return character
    if character.lower() in _SILENT:
        return ""
    code = ord(character)
    if 0x24B6 <= code <= 0x24E9:  # a letter in a circle stands apart
        return f" {unicodedata.normalize('NFKD', character)} "
    compatible = 0x2460 <= code <= 0x24FF or 0x1D400 <= code <= 0x1D7FF or character in "Ĳĳ₨"
    plain = unicodedata.normalize("NFKD", character) if compatible else character
    own = _TRANSLITERATED.get(character)
    return own or "".join(_looked_up(_TRANSLITERATED, part) for part in plain)


def _looked_up(table: dict[str, str], character: str) -> str:
    """What a table makes of a character, or of its small letter; the character where it has neither."""
    if character in table or character in _NO_CAPITALS or "\u1c90" <= character <= "\u1cbf":
        return table.get(character, character)
    return table.get(character.lower(), character)


def slug(text: str) -> str:
    """The slug that the older filter `slug` makes; it keeps some marks, `.` and `'` among them."""
    named = (_looked_up(_NAMES, character) for character in unicodedata.normalize("NFC", text))
    kept = "".join(_NO_SLUG.sub("", " " if name == "-" else name) for name in named)
    return _BLANKS.sub("-", _BLANKS.sub(" ", kept).strip(" ")).lower()
