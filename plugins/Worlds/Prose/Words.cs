namespace Experiments.Plugins.Worlds.Prose;

/// <summary>The word lists for the slots of sentence templates.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, string[]> Lists = new Dictionary<string, string[]>
    {
        ["time"] = ["in the early morning", "after the noon bell", "late in the evening", "on a quiet Sunday", "at the end of the week", "before the first frost", "during the long summer",
            "as soon as the rain stops", "on market days", "when the lamps are lit", "in the first week of spring", "shortly before harvest"],
        ["place"] = ["by the river", "near the old bridge", "behind the mill", "in front of the town hall", "under the tall lime trees", "at the corner of the square", "along the harbour wall",
            "beside the fountain", "next to the school gate", "in the hall of the library", "on the steps of the museum", "outside the bakery"],
        ["folk"] = ["the neighbours", "the children", "two old friends", "the shopkeepers", "many visitors", "the members of the choir", "several farmers", "the young players",
            "a few travellers", "the gardeners", "some students", "the older people"],
        ["topic"] = ["the price of bread", "the next village feast", "an old shipwreck", "the new tram line", "the best way to grow beans", "the winter of the great snow", "a lost key",
            "the colour of the town hall", "last year's harvest", "the rules of the ball game", "a letter from abroad", "the plans for a wider road"],
        ["thing"] = ["a basket of pears", "an old map", "a box of candles", "a jar of honey", "three clean notebooks", "a wooden chair", "a lamp with a green shade", "a bundle of letters",
            "a blue kettle", "a set of brushes", "a warm coat", "a bag of seed"],
        ["weather"] = ["a cold wind from the hills", "a soft rain", "bright sunshine", "a thick morning fog", "the first snow", "a sudden storm", "a warm breeze from the sea", "a clear sky"],
        ["mood"] = ["pleased", "surprised", "content", "curious", "patient", "cheerful", "thoughtful", "proud"],
        ["quality"] = ["quiet", "narrow", "busy", "friendly", "sunny", "plain", "famous", "modest", "tidy", "lively"],
        ["building"] = ["the library", "the small theatre", "the town hall", "the covered market", "the old mill", "the railway station", "the music school", "the post office", "the swimming bath", "the harbour office"],
        ["pupil"] = ["the youngest pupil", "a girl in the second row", "the boy at the window", "the whole class", "a new pupil", "the pupil with the red scarf", "every careful reader", "the fastest of the group"],
        ["teacher"] = ["the teacher", "our teacher", "the master of the school", "the lady at the board", "the old schoolmaster", "the assistant"],
        ["tool"] = ["chalk", "pencil", "slate", "ruler", "pen", "notebook", "eraser", "board"],
    };
}
