namespace Experiments.Plugins.Worlds.Prose;

/// <summary>Templates of everyday sentences that make generated pages look natural. Each has many forms.</summary>
internal static class EverydayProse
{
    /// <summary>Sentences about life in a town.</summary>
    public static readonly string[] Town =
    [
        "{time} {folk} [meet|gather|sit together] {place} and [talk about|trade stories of|argue about] {topic}.",
        "[Nobody remembers who|No one can say who|People often ask who] left {thing} {place}[, but it is still there| one night| so long ago].",
        "{building} [opens|closes|fills up] {time}, [and|while] {folk} [wait|queue|stand] {place}.",
        "[After|Before|During] {weather}, {folk} [carried|brought|took] {thing} to {building}.",
        "[It is said|The older people say|A local paper once wrote] that {building} was [built|painted|repaired] with money from [the sale of a ship|a good harvest|an unknown friend|a long list of small gifts].",
        "[A visitor|A stranger|Anyone new] [should|may want to|ought to] [see|walk past|spend an hour in] {building}, which is [less {quality} than it looks|more {quality} than most|as {quality} as ever].",
        "{weather} [came down|moved in|arrived] {time} and the [streets|lanes|gardens] were [empty|wet|full of leaves|very still] [by noon|for an hour|until the bells rang].",
        "[The {quality} street|A {quality} lane|One {quality} path] {place} leads to {building}.",
        "[Last year|Two winters ago|Some time ago] {folk} [bought|found|repaired] {thing} [and gave all of it to|for a good cause and for|to be shown in] {building}.",
        "[Most days|Now and then|Every other week] {folk} [play cards|sing old songs|practise for the parade|share a pot of tea] {place}.",
        "[There is|You will hear] [much|some|little] talk of {topic}, yet {folk} [remain|seem|are] {mood}.",
        "[The council|A committee|The mayor] has [promised|decided|agreed] to [repair|light|clean] the way {place}, [a {quality} spot|a place that many love|which pleases the neighbours].",
        "{thing} [costs|is worth] [very little|a good deal|more than you would think] {place}, [so people|and visitors|but those who know the trade] [buy with care|ask twice|look around first].",
        "[Bread|Soup|Fresh fish|Apple cake] is [sold|served|shared] {place} {time}.",
        "[A narrow boat|The evening train|An old bus|The milk cart] [passes|stops|arrives] {time}, and {folk} [wave|look up|step aside].",
        "[No other town|Hardly any place|No other district] keeps {building} in such [good order|bright colours|careful hands], [as {folk} like to say|which costs money|and it shows].",
        "[In the back room|On the upper floor|In the yard] of {building} you [can see|will find|may touch] {thing}.",
        "[Someone|A friend|The clerk] wrote a [short|long|funny] piece about {topic} that {folk} [still quote|read aloud|keep in a drawer].",
        "[When {weather} ends|Once the doors are shut|As the evening grows dark], {folk} [go home|walk slowly back|make their way home] {place}.",
        "[Music|Laughter|A smell of coffee|The sound of hammers] [drifts|comes] from {building} {time}.",
        "[Not far away|A short walk from here|Across the water], {folk} [grow|paint|collect] [roses|boats|coins|old clocks] and [show|lend|sell] them [to anyone who asks|with pride|for a small sum].",
        "[The lesson of|What we learn from|The point of] {topic} is that {folk} [rarely agree|help each other|like to be asked].",
    ];

    /// <summary>Sentences about life in a school that teaches sums. They contain no digits.</summary>
    public static readonly string[] School =
    [
        "{teacher} [walks past the desks|stands at the window|turns to the board] and [asks|wants to know] how {pupil} [found|reached|checked] [this result|the answer|that line].",
        "{pupil} [drops the {tool}|picks up the {tool}|puts the {tool} away] and [reads the line again|thinks for a moment|nods slowly].",
        "[We work|Work|Always work] from the right-hand side [of the figures|of the page|of both numbers], because [a carry moves to the left|each step depends on the one before|that is how a carry is born].",
        "[If the carry is forgotten|When a carry gets lost|Without the carry] the [next figure|rest of the line|whole answer] [comes out wrong|cannot be right|must be done again].",
        "[Write|Put|Set down] the [ones|small end] first and the [tens|larger parts] after [them|that], [just as the hand adds|as we always do in this book|in the order in which they appear].",
        "{pupil} [likes|prefers|enjoys] [the quiet of the room|a clean page|the smell of {tool} dust] {time}.",
        "[Take care|Take your time|Be patient], [for|because] a [hurried|careless|sleepy] hand [spoils|ruins|blots] [more than one line|a good page|what the head did well].",
        "[On the wall|Above the door|Beside the map] hangs a [sheet|card|picture] with [the best work|the names of the class|a drawing of a bridge] [of the month|from last year|by {pupil}].",
        "{teacher} [smiles|is {mood}|says nothing], [which|and that] [is a good sign|means that the line is right|pleases {pupil}].",
        "[A friend|A brother|The next desk] may [check|read|copy out] your [line|page|work], but the [thinking|adding] [must be|has to be|should be] your own.",
        "[Outside|Beyond the window|In the yard] there is {weather}, [yet|but|and] {pupil} [keeps on working|does not look up|turns the page].",
        "[Some|Many|A few] [readers|pupils|parents] [find|think] that [saying the steps aloud|a second look|a short rest] [helps|makes the work lighter|saves time in the end].",
        "[The next line|What follows|Our next example] [is a little harder|needs a steady hand|is of the same kind], [so|and] {teacher} [does it slowly|asks for silence|lends {pupil} a {tool}].",
        "{pupil} [forgot|lost|borrowed] a {tool} and [found {thing}|had to share|learned to plan ahead] instead.",
        "[Nothing here is hard|There is no trick in it|It is only practice], [says {teacher}|as the book repeats|and everyone can do it] {time}.",
        "[Cover the answer|Hide the right side|Close the book] with [your hand|a sheet of paper|a card] and [try again|do the work yourself|say it from memory].",
        "[After school|When the bell rings|At the end of the hour] {folk} [wait|talk] {place} and [ask about|laugh about] [the sums|the lesson|{topic}].",
        "[Old books|The books of our parents|Other schools] [wrote|write] the [large|heavy] end first, [but|while] [this one|our book|this page] [keeps|begins with] the ones.",
        "{teacher} [keeps|has] {thing} [on the desk|in the cupboard|by the stove], [a gift from|once owned by|found by] {pupil}.",
        "[Each|Every] line [stands alone|can be read by itself|is a small task], so [begin where you like|you may skip one|come back to it {time}].",
        "[A mistake|An error|A slip] is [no shame|part of learning|soon mended] [as long as|when|if] [you find it yourself|it is crossed out cleanly|{pupil} tells {teacher}].",
        "[The room|Our class|The hall] [smells of|is full of] [wet coats|new paper|apples] {time}, and {folk} [pass by|look in|bring {thing}].",
        "[Good work|Steady practice|An hour of this] [makes|leaves] {pupil} {mood}, and [often hungry|sometimes tired|never bored] too.",
        "[Remember|Never forget|Keep in mind] that [the order matters|a step builds on the last|only the final place counts] [when|as] the [chain|row|list] [gets longer|goes on|ends].",
    ];
}
