using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Formats;

public sealed class HuggingFaceTokenizerFormatTests : IDisposable
{
    private const string Bytes = "\"a\": 0, \"b\": 1, \"ab\": 2";
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(SplitPattern.Digits)]
    [InlineData(SplitPattern.Gpt2)]
    [InlineData(SplitPattern.Gpt2Digits)]
    [InlineData(SplitPattern.Gpt4)]
    [InlineData(SplitPattern.O200k)]
    public void WhatIsWrittenOpensAsTheSame(SplitPattern split)
    {
        var written = TestVocabulary.Train("the cat's \"mat\" \\ 日本語 <1234>\n\n été \u0001", 300, split) with { WholePiecesFirst = true };
        HuggingFaceTokenizerFormat.Write(_bench.Folder("t"), written);
        var read = ((BytePairTokenizer)new HuggingFaceTokenizerFormat().Open(_bench.Folder("t"))).Vocabulary;
        read.Tokens.ShouldBe(written.Tokens);
        read.Merges.ShouldBe(written.Merges);
        read.AddedTokens.ShouldBe(written.AddedTokens);
        (read.Splitter, read.WholePiecesFirst).ShouldBe((new PublishedSplitter(split), true));
    }

    [Fact]
    public void MergesMayBePairsOrStrings()
    {
        Open(Bytes, "[\"a b\"]").Encode("ab").ShouldBe([2]);
        Open(Bytes, "[[\"a\", \"b\"]]").Encode("ab").ShouldBe([2]);
    }

    [Theory]
    [InlineData(Bytes, "[\"a b\", \"a b\"]", "model.merges[1]: 'a' + 'b' was merged before, at model.merges[0].")]
    [InlineData(Bytes, "[\"a b\", \"a c\"]", "model.merges[1]: 'c' is not in the vocabulary.")]
    [InlineData(Bytes, "[\"b a\"]", "model.merges[0]: 'ba' is not in the vocabulary.")]
    [InlineData(Bytes, "[\"ab\"]", "model.merges[0]: ab is not a pair.")]
    [InlineData("\"a\": 0, \"b\": 2", "[]", "model.vocab: no token has the id 1; ids must run from 0 without holes.")]
    [InlineData("\"a\": \"0\"", "[]", "model.vocab: the id of 'a' is \"0\", which is not a whole number.")]
    [InlineData("\"a\": 0, \"b\": 0", "[]", "model.vocab: the id 0 is both 'a' and 'b'.")]
    [InlineData("\"a\": 0, \"a\": 1", "[]", "model.vocab: 'a' has two ids, 0 and 1.")]
    [InlineData("\"a\": 0, \"日\": 1", "[]", "model.vocab: '日' contains a character that represents no byte.")]
    public void AnErrorNamesFileAndPlace(string vocabulary, string merges, string problem) =>
        Should.Throw<InvalidDataException>(() => Open(vocabulary, merges)).Message.ShouldBe($"{_bench.Folder("t")}/tokenizer.json: {problem}");

    [Theory]
    [InlineData("{'type': 'Whitespace'}", "pre_tokenizer: the step Whitespace is not supported. Supported: ByteLevel, with Split")]
    [InlineData("{'type': 'ByteLevel', 'add_prefix_space': true}", "pre_tokenizer: add_prefix_space must be false")]
    [InlineData("{'type': 'Sequence', 'pretokenizers': []}", "pre_tokenizer: ByteLevel is missing")]
    [InlineData("null", "pre_tokenizer: the step null is not supported")]
    [InlineData("{'type': 'Sequence', 'pretokenizers': [{'type': 'ByteLevel', 'add_prefix_space': false}, {'type': 'Digits'}]}", "pre_tokenizer.pretokenizers[1]: nothing may follow ByteLevel")]
    [InlineData("{'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'pattern': {'Regex': 'x'}, 'behavior': 'Removed'}]}", "pre_tokenizer.pretokenizers[0].behavior: 'Removed' is not supported, or loses text")]
    [InlineData("{'type': 'Sequence', 'pretokenizers': [{'type': 'Split', 'pattern': {'Regex': 'a[b'}, 'behavior': 'Isolated'}]}", "pre_tokenizer.pretokenizers[0].pattern: the expression a[b cannot be used: at character 2, the class is not closed")]
    public void AnUnknownPreTokenizerIsAnErrorThatNamesItsPlace(string preTokenizer, string problem) =>
        Should.Throw<InvalidDataException>(() => Open(Bytes, "[]", preTokenizer.Replace('\'', '"'))).Message.ShouldContain(problem);

    [Theory]
    [InlineData("null", false)]
    [InlineData("{'type': 'NFC'}", true)]
    [InlineData("{'type': 'Sequence', 'normalizers': []}", false)]
    [InlineData("{'type': 'Sequence', 'normalizers': [{'type': 'NFC'}]}", true)]
    public void FormCIsTheNormalizerThatIsKnown(string normalizer, bool composes) =>
        Open(Bytes, "[]", normalizer: normalizer).Vocabulary.ComposesCharacters.ShouldBe(composes);

    [Theory]
    [InlineData("{'type': 'Lowercase'}", "normalizer: only NFC is supported, not Lowercase.")]
    [InlineData("{'type': 'Sequence', 'normalizers': [{'type': 'NFC'}, {'type': 'Prepend', 'prepend': 'x'}]}", "normalizer.normalizers[1]: only NFC is supported, not Prepend.")]
    public void AnyOtherIsAnErrorWithItsPlace(string normalizer, string problem) =>
        Should.Throw<InvalidDataException>(() => Open(Bytes, "[]", normalizer: normalizer)).Message.ShouldEndWith(problem);

    [Fact]
    public void ByteFallbackStandsForTheLettersOfBytesWithoutAToken()
    {
        var tokenizer = Open("\"a\": 0, \"b\": 1, \"<0x63>\": 2, \"<0xC4>\": 3, \"<0x80>\": 4, \"ab\": 5", "[\"a b\"]", model: "\"byte_fallback\": true,");
        tokenizer.Encode("abcab").ShouldBe([5, 2, 5]);
        tokenizer.Encode("a\0b").ShouldBe([0, 3, 4, 1]);
        tokenizer.Encode("axb").ShouldBe([5], "x has no fallback and vanishes");
    }

    [Fact]
    public void AnUnknownTokenStandsForBytesWithoutAToken() =>
        Open("\"a\": 0, \"b\": 1, \"?\": 2", "[]", model: "\"unk_token\": \"?\",").Encode("axb").ShouldBe([0, 2, 1]);

    [Theory]
    [InlineData("{}", "tokenizer.json: 'model' is missing")]
    [InlineData("[]", "tokenizer.json: 'model' is missing")]
    [InlineData("{ \"model\": { \"merges\": [] } }", "tokenizer.json: 'model.vocab' is missing")]
    public void AMissingPartIsNamed(string file, string problem)
    {
        File.WriteAllText(Path.Combine(_bench.Folder("t"), "tokenizer.json"), file);
        Should.Throw<InvalidDataException>(() => new HuggingFaceTokenizerFormat().Open(_bench.Folder("t"))).Message.ShouldContain(problem);
    }

    [Fact]
    public void ATornFileIsAnErrorWithItsPlace()
    {
        File.WriteAllText(Path.Combine(_bench.Folder("t"), "tokenizer.json"), "{\n\"model\": {");
        Should.Throw<InvalidDataException>(() => new HuggingFaceTokenizerFormat().Open(_bench.Folder("t"))).Message.ShouldContain("LineNumber: 1");
    }

    [Fact]
    public void AByteWithoutATokenVanishes() => Open(Bytes, "[\"a b\"]").Encode("axb").ShouldBe([2]);

    private BytePairTokenizer Open(
        string vocabulary, string merges, string preTokenizer = "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", string normalizer = "null", string model = "")
    {
        File.WriteAllText(
            Path.Combine(_bench.Folder("t"), "tokenizer.json"),
            $$"""
            { "added_tokens": [], "normalizer": {{normalizer.Replace('\'', '"')}}, "pre_tokenizer": {{preTokenizer}}, "model": { {{model}} "vocab": { {{vocabulary}} }, "merges": {{merges}} } }
            """);
        return (BytePairTokenizer)new HuggingFaceTokenizerFormat().Open(_bench.Folder("t"));
    }
}
