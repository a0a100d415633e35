"""Chinese characters by their readings, as Pelican spells them in slugs: all that knows anyascii."""

from __future__ import annotations

from functools import cache

_OTHERWISE = """
a嗄 ai呆诶 akutsu圷 ama塰 an腌 appare遖 aragane砿 asari鯏 ba秡鈸钹 bai兡呗唄
bao刨褴 bei庳痺萆 ben夲 bi皀睥蚍贲 bing梹絣 bo柏栢泊泺簿薄鲅 bu卜惚扑錻 cai犲 cem岾
cen畠 cha刹剎査痄 chai差 chang裳長长 che褄轍辙 chen沈 cheng噌浈盯
chi匙哆坻搋泜眙离茬踅郗 chidori鵆 chong种茧 chou焘燾 chuan伝 chuang橦疒 chuo啜畷
ci凪蚝趑 cou楱 cu槭 cuo縒 dan酖钽 dekaguramu瓧 deshiguramu瓰 di地楴 dian鈿
diao莜钌 dojou鯲 dou枡 du碡都 dui镦 dun墫 duo悳柁锗 e哦硪胺钶阏隲 ebi蛯 eburi杁
ei珱 er佴 fan犭蕃 fei砩 fen玢 fo佛 fou芣 fu呒払枹脯莆鯆 fumoto梺 gai胲 gake垳
gan乾 gang舡 ge噶渮郃鎘阖 geng粳 gomi埖 gong蛬釭 gori鮴 gou耩骺 gua括筈聒脶蜗蝸适
guan脘 gui傀匮炔 guo掴摑 ha垪 haba掵 hai颏 han厂颌 hang吭桁肮酐 hao镐 hata籏
hatahata鰰 haze枦 hazou楾 he暍耠蝎貉釛閡 hei幤 hekutogura瓸 hen哏
heng絎绗韹黉黌 hesaki舮 hi暃 hitoe褝 hokuso樮 hong触 horo袰 hoy栃 hu擭鹄
hua狯 huai孬 huan垸梡还還 hui悝蝰 huo砉硅鹱 ikaruga鵤 ikenie犠 ip込 iri圦
irori鈩 ji洁粫鯽 jia仮価嗧袷铪 jian僣槛檻諌鰔 jiang襁 jiao勦嚼詨 jie价偈栉械櫛葜藉頡
jing劲勁烃箐黥 jiong垧 jiu湫 ju岨柜菹 jue噱柽蠼鱖鳜 jun睃隽雋 ka髂 kago筺 kajika鮖
kaka嬶 kaki硴 kamakiri蟐 kamishimo裃 kari猟 kase綛 kashi槝 kasugai鎹
kasuri緕 katsura蘰 kazari錺 kazunoko鯑 ke剋咳喀峇 ken椦龈 kesa畩
kewashii嵜 kohaze鞐 koraeru怺 kou佝怐纐 kouji糀 ku挎挧轱 kua锞 kuai呙桧檜浍
kui瞶 kuji籖 kume粂 kunugi椚椡檪 kura峅 kyuu恷 lan啉 lang踉 le勒捋肋 lei埒漯
li戻犛砬粍釐鬲 lian歛膦莶 liang惊 liao了摎鹨 lin罧 ling拎 liu鉚铆 lu偻僂瘘瘻 lue撂
luo氇烙硌袼酪 ma唛嬷麿 mama墹壗 man蹒蹣 masu桝 matsu枩 meng苎萠 mie羋芈 min渑澠黽
miriguramu瓱 mo万嘿脈麼 mok凩 moku杢 momiji椛 mou冒瞀 mu姥獏鶩鹜 muro榁
mushiru毟 mwun匁 nan罱 nao桡橈 nata屶 nawa縄 nay匂 ne吶呐袮 ni呢嶷禰鷁 nian粘
nio鳰 niu衂 noy脳 nue謔谑 nuo娜砹 odoshi縅 oozutsu熕 ori槞 oroshi颪 ou吽眍
pa耙 pang厖蒡 pao靤髱龅 pei啡碚邳 peng甏 pi坏濞苤 piao膘蚫驃骠 pie瘪癟 pin蘋
po朴狛醱陂 pou瓿锫 pu誧醭 pyeng塀鋲 qi粞綮緝缉荠薺衹鮨 qia卡 qian幵撖竓羟锓 qiang彊爿矼
qie沏茄 qin廑 qing軽鯖 qiong芎苘 qiu艽钆 qu凵砠 quan呟甽 que寉殻舭 qun蝽鰆 rao蛲蟯
ratsu溂 re喏 ren恁賃赁 ri衵 ro粐 ru臑 ruan蠕 sa趿 sakaki榊 sako逧 san氵閊
sang峠 sao艘鰺 sasara簓 sasou哘 sei彁 seki碵 sem繊 sen蔘 senchigura甅
sey笹 shachi鯱 shaku癪 shan禅 shao杓竰 she揲鉈铊 shen吲抻葚 shi什兙妛竕豉
shibui渋 shide椣 shigi鴫 shikato聢 shitsuke躾 sho墸 shou橸熟 shu忄樗
shui蛻蜕谁 shun楯 shuo芍 shuu駲 si伺俟偲灬賜赐 sin噺 sip辻 so囎 sok続 soko椢
soma杣 song锶 sori艝轌 su蓿 suberu辷 sui攵 sukumo粭糘 suo挲 swu獣 t扌
ta嗒沓躂 tafu椨 tai骀 tako凧 tan膻艢赕鐔镡 tang惝 tani渓 tao叨垰嵶 tara膤
tasuki襷 tatamu疂 tatsu燵 tay垈 ten壥鵈 thon瓲 ti俤隄髢 tian嗔蚕锘 tiao苕
tie鉄锇 ting耵 tochi杤 tomo鞆 tong侗峒恫硐艟鮗 toride塁 totemo迚 tou酘钭陦
tsuchi汢 tsugumi鶫 tsuki欟 tsukusu殱 tsuraneru聨 tu芏 tun炖褪 tuo拓牠詑鞁
un繧 usagi莵 utsubo笂 wai咼 waku枠 wan浣澣莞鞔鲩 wata絋 wei倭囲崴 wo喔 wu垭麌
xi嚊屓戯携攜歙猎繋裼蹊郄酾 xian俔掺摻痃癣癬铣 xiao烋胶酵鮹 xie叶葉薛血骱 xin莘 xiu綉蓚 xu嬬旮旯籲
xuan潠 xun蕁郇 yadoru舎 yagate軅軈 yai睚 yaji萢 yama圸 yan剡埏姶广癌蔫 yana簗
yao么崤淆铫 yari鑓 ye楪琊 yi仡嗌掖曳欹汉洟眤竡腋 yin湮縯釿鰥鳏 ying荥 yong蕹 you囮穃鯈
yu亏噢墺毹汩畲腧 yuan圜芫 yue哕 yuki裄 yun榲饂鶤 yuri岼 yuru閖 za蓙 zan拶 zang臢
zao缲髞 zha剳咋柵猹紮膪蜡 zhan覘觇顫颤 zhang绱 zhao朝着 zhe乇螫 zhen溱縝 zheng帧徵锃
zhi祇腟蛰蟄鴟鵄鸱 zhong忪湩 zhou啁繇 zhu宁寧朮术苧 zhua挝撾爪 zhuan耑 zhuen凖
zhun棆隼 zhuo棹焯琢絀绌踔錣 zi呲甾茈鹚齜 zou掫诌驟骤 zui羧觜 zuo柞 zusa橲
"""

_FIRST, _LAST = "\u4e00", "\u9fff"
_LAST_COMMON_ROW = 0xC6  # of Big5, whose first part holds the characters in common use


def is_han(char: str) -> bool:
    """Whether a character is one of the Chinese script's basic block."""
    return _FIRST <= char <= _LAST


def spell_han(char: str) -> tuple[str, bool]:
    """A character's reading with a blank after it, and whether that is known for sure.

    It is for those in common use, of which every one was compared: those of GB 2312, JIS X 0208, and Big5's
    first part.
    """
    from anyascii import anyascii

    made = _otherwise().get(char)
    if made is None:
        made = f"{anyascii(char)} "
    return made, _is_common(char)


@cache
def _otherwise() -> dict[str, str]:
    """The readings that differ from those of anyascii."""
    readings: dict[str, str] = {}
    for entry in _OTHERWISE.split():
        syllable = entry.rstrip("".join(char for char in entry if is_han(char)))
        readings |= {char: f"{syllable.capitalize()} " if syllable else "" for char in entry[len(syllable) :]}
    return readings


def _is_common(char: str) -> bool:
    for encoding in ("gb2312", "shift_jis", "big5"):
        try:
            found = char.encode(encoding)
        except UnicodeEncodeError:
            continue
        if encoding != "big5" or found[0] <= _LAST_COMMON_ROW:
            return True
    return False
