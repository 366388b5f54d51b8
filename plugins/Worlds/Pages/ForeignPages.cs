using Experiments.Plugins.Worlds.Prose;

namespace Experiments.Plugins.Worlds.Pages;

/// <summary>Pages in other languages.</summary>
internal static class ForeignPages
{
    private const int Sentences = 14;

    public static readonly IReadOnlyList<ForeignLanguage> Languages =
    [
        new("de", ["utf-8", "windows-1252", "iso-8859-1"], "Nachrichten aus der Stadt", ["Startseite", "Über uns", "Hilfe", "Archiv"],
        [
            "[Am frühen Morgen|Spät am Abend|Nach dem Regen] [treffen sich|sitzen] die [Nachbarn|Kinder|Gäste] [am Fluss|auf dem Markt|vor der Schule].",
            "Der [Bäcker|Müller|Gärtner] [öffnet|schließt] sein Geschäft [um acht|vor dem Mittag], weil es [heute schön|gestern kühl|noch früh] ist.",
            "Niemand [weiß|wusste] genau, [warum|wann] das [alte|große|grüne] Haus [gebaut|verkauft] wurde.",
            "Wir [haben|hatten] [drei Äpfel|ein Stück Käse|frische Brötchen] gekauft und [danach|später] Kaffee getrunken.",
            "Die [Straße|Brücke|Mühle] ist [sehr|ziemlich|leider] [schmal|müde|laut], aber [schön|ruhig] im [Frühling|Winter].",
            "Es [gibt|gab] eine [kleine|neue] [Bücherei|Küche|Tür] hinter dem [Rathaus|Bahnhof], die [wenige|viele] kennen.",
            "[Früher|Jetzt|Übrigens] [spielte|singt] der Chor [jeden Sonntag|in der Kirche] für [ältere|jüngere] Leute.",
        ]),
        new("fr", ["utf-8", "windows-1252", "iso-8859-1"], "Les nouvelles du village", ["Accueil", "À propos", "Aide", "Archives"],
        [
            "[Le matin|Après la pluie|Très tôt] les [voisins|élèves|pêcheurs] [se retrouvent|discutent] [près de la rivière|au marché|devant l'école].",
            "Le [boulanger|facteur|médecin] [a préparé|a acheté] [du café|un gâteau|des légumes] pour [la fête|sa mère|l'été].",
            "Personne ne [sait|savait] [où|pourquoi] la vieille [maison|forêt|fenêtre] a été [fermée|achetée|oubliée].",
            "Nous [avons mangé|avons trouvé] [une pêche|des crêpes|un pâté] et [bu|goûté] du thé [à côté du musée|là-bas].",
            "Il y a [une belle|une étroite] [église|allée] derrière la gare, [très aimée|bientôt rénovée].",
            "Cette [année|journée|idée] [était|sera] [très|plutôt] [agréable|étrange|gaie], comme [l'été dernier|dans notre rêve].",
            "[Bientôt|Hier|Déjà] le théâtre [jouera|préparait] une pièce [célèbre|inédite] pour les [enfants|étrangers].",
        ]),
        new("es", ["utf-8", "windows-1252", "iso-8859-1"], "Noticias del pueblo", ["Inicio", "Quiénes somos", "Ayuda", "Página anterior"],
        [
            "[Por la mañana|Después de la lluvia|Cada otoño] los [vecinos|niños|jóvenes] [se reúnen|hablan] [junto al río|en la plaza|en el jardín].",
            "El [panadero|médico|señor] [compró|vendió|pintó] [un sillón|el balcón|una cama pequeña] [el año pasado|ayer].",
            "Nadie [sabe|sabía] [cuándo|por qué] [construyeron|cerró] la [vieja|pequeña] [estación|montaña|fábrica].",
            "También [hay|había] [un camión|una canción|un avión] que [llegó|pasó] muy [rápido|lejos] de aquí.",
            "La [niña|señora|compañía] [está|estaba] [contenta|cansada] porque [mañana|aquí] [será|habrá] una fiesta.",
            "Comimos [piña|jamón|melón] con [azúcar|limón] y [después|además] tomamos [café|té].",
            "En el [pueblo|país] la [música|lección] [empieza|terminó] [más tarde|a las ocho], según el [periódico|público].",
        ]),
        new("ru", ["utf-8", "windows-1251", "koi8-r"], "Новости города", ["Главная", "О нас", "Помощь", "Архив"],
        [
            "[Рано утром|Поздно вечером|После дождя] [соседи|дети|гости] [встречаются|разговаривают] [у реки|на рынке|возле школы].",
            "[Старый|Добрый|Новый] [мельник|учитель|врач] [купил|продал|нашёл] [большой дом|тёплый хлеб|чистую тетрадь].",
            "Никто не [знает|помнит], [почему|когда] [закрыли|построили] [этот мост|эту станцию].",
            "Мы [пили|заварили] чай и [читали|обсуждали] [письма|газету|книгу] до [вечера|ужина].",
            "В [городе|деревне] есть [маленькая|красивая] [библиотека|улица|площадь], где [всегда|иногда] тихо.",
            "[Зимой|Летом|Весной] здесь [очень|довольно] [холодно|весело|спокойно], но люди [довольны|поют песни].",
            "[Завтра|Вчера|Сегодня] [театр|хор] [покажет|готовил] [новую пьесу|старую сказку] для [всех жителей|учеников].",
        ]),
        new("zh", ["utf-8", "gb18030"], "城市新闻", ["首页", "关于我们", "帮助", "档案"],
        [
            "[早上|傍晚|下雨以后][邻居们|孩子们|客人们][在河边|在市场|在学校门口][聊天|散步|唱歌]。",
            "[老师|医生|面包师][昨天|今天|去年][买了|卖了|修好了][一把椅子|一张地图|一本旧书]。",
            "没有人[知道|记得][这座桥|那个车站][为什么|什么时候][关闭|建成]。",
            "我们[喝了茶|吃了水果],然后[读报纸|写信|打扫房间]。",
            "[城里|村里]有一个[小小的|安静的|漂亮的][图书馆|广场|花园],大家都[喜欢|知道]。",
            "[冬天|夏天|春天]这里[非常|有点][冷|热闹|安静],但是[人们很高兴|花园很美]。",
        ], IsSpaced: false),
        new("ja", ["utf-8", "shift_jis"], "町のニュース", ["ホーム", "会社案内", "ヘルプ", "一覧"],
        [
            "[朝早く|夕方に|雨のあとで][近所の人|子どもたち|お客さん]は[川のそば|市場|学校の前]で[話します|歌います|遊びます]。",
            "[先生|医者|パン屋さん]は[昨日|今日|去年][新しい|古い|小さい][いす|地図|本]を[買いました|直しました]。",
            "[この橋|あの駅]が[いつ|なぜ][できた|閉まった]のか、だれも[知りません|覚えていません]。",
            "私たちは[お茶を飲んで|果物を食べて]、それから[新聞を読みました|手紙を書きました]。",
            "[町|村]には[静かな|きれいな|有名な][図書館|広場|庭]があります。",
            "[冬|夏|春]は[とても|少し][寒い|にぎやか]ですが、[みんな|人々]は[元気です|楽しそうです]。",
        ], IsSpaced: false),
    ];

    public static Article Write(int page, ulong seed)
    {
        var random = new RandomStream(seed, "foreign page", page);
        var language = Languages[page % Languages.Count];
        var sentences = new List<string>();
        while (sentences.Count < Sentences)
        {
            foreach (var shell in Grammar.Deal(language.Shells, language.Shells.Length, ref random))
            {
                sentences.Add(Grammar.Sentence(shell, ref random));
            }
        }

        var paragraphs = sentences.Chunk(4).Select(part => string.Join(language.IsSpaced ? " " : "", part));
        return new("foreign", language.Code, language.Title, [.. paragraphs], language.Code);
    }
}

/// <summary>The material for writing pages in a language.</summary>
/// <param name="Code">ISO 639-1 code.</param>
/// <param name="Charsets">Charsets that its pages use.</param>
/// <param name="Title">The headline.</param>
/// <param name="Menu">Entries of the menus.</param>
/// <param name="Shells">Sentence templates.</param>
/// <param name="IsSpaced">Whether sentences are separated by a space.</param>
internal sealed record ForeignLanguage(string Code, string[] Charsets, string Title, string[] Menu, string[] Shells, bool IsSpaced = true);
