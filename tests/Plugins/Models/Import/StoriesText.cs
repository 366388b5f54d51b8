namespace Experiments.Plugins.Models.Tests.Import;

/// <summary>The output of stories260K at temperature 0, from doc/stories260K.md of llama2.c.</summary>
internal static class StoriesText
{
    public const string Greedy =
        """
        Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball. She wanted to play with it, but it was too high.
        Lily's mom said, "Lily, let's go to the park." Lily was sad and didn't know what to do. She said, "I want to play with your ball, but I can't find it."
        Lily was sad and didn't know what to do. She said, "I'm sorry, Lily. I didn't know what to do."
        Lily didn't want to help her mom, so she said, "I'm sorry, mom. I didn't know what to do." Her mom said, "Don't worry, Lily. We can help you.
        """;

    /// <summary>
    /// The texts of the model's tokens, derived from the output: one text for each id, and one id for each text.
    /// </summary>
    public static IReadOnlyDictionary<int, string> Pieces { get; } = new Dictionary<int, string>
    {
        [13] = "\n", [261] = " a", [262] = " s", [263] = " w", [264] = "nd", [265] = " t", [266] = "ed", [267] = " to", [268] = " b", [269] = " and",
        [270] = " h", [272] = " f", [278] = " l", [279] = " d", [280] = " c", [281] = " he", [282] = "he", [285] = "er", [286] = " was", [289] = "on",
        [292] = "id", [294] = "at", [295] = " p", [296] = " sa", [298] = " g", [303] = "an", [304] = "or", [310] = "ily", [311] = " her", [312] = " it",
        [313] = " \"", [315] = "ir", [316] = "et", [317] = " Lily", [320] = " H", [322] = " in", [327] = "ow", [328] = " day", [333] = "ig", [335] = " with",
        [336] = " said", [337] = " play", [338] = " She", [352] = " r", [357] = " mom", [358] = " she", [359] = " I", [364] = " you", [370] = " big",
        [376] = " little", [378] = " time", [383] = " there", [384] = " so", [385] = " One", [388] = "all", [391] = " want", [394] = " saw", [395] = " named",
        [396] = "ved", [398] = " but", [400] = " do", [401] = " lo", [403] = " Once", [407] = " upon", [408] = "out", [409] = " k", [410] = " ", [411] = "e",
        [413] = "t", [414] = "o", [415] = "h", [416] = "n", [417] = "i", [418] = "d", [419] = "s", [420] = "r", [421] = "l", [422] = "y", [423] = "m",
        [426] = ".", [427] = "p", [432] = ",", [433] = "ark", [436] = "\"", [438] = "L", [439] = "'", [442] = "I", [448] = "W", [455] = "D",
    };
}
