namespace Experiments.Engine.Tests.Recipes;

public sealed class TenMistakesTests
{
    [Fact]
    public void TenMistakesAreTenLines()
    {
        using var bench = new RecipeBench();
        bench.Problems("""
            name: ten
            sed: 3
            vars: { lines: many }
            stages:
              lines:
                use: write-lines
                with: { count: $(vars.lines), tekst: a }
                expect: { lines: about 3 }
              clean:
                use: clean
                inputs: { documents: line }
                with: { steps: [{ use: word-count, min_words: -5 }, langage] }
              model:
                use: train
                inputs: { documents: clean, tokenizer: clean }
                with: { model: gpt, tokens: $(vars.token) }
                run: { threads: 0 }
            """).Split('\n').ShouldBe(
        [
            "r.yaml(2,1): no recipe key 'sed'. Did you mean 'seed'? Keys: name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets.",
            "r.yaml(7,20): stage 'lines': option 'count' wants a whole number, 0 to 1000000, not 'many'.",
            "r.yaml(7,35): stage 'lines': no option 'tekst'. Did you mean 'text'? Options: count, text.",
            "r.yaml(8,22): stage 'lines': metric 'lines' wants a condition: \"< 3.2\", \"<= 3.2\", \"> 0.5\", \">= 0.5\", \"== 1\" or \"0.5..0.9\", not 'about 3'.",
            "r.yaml(11,26): stage 'clean': input 'documents': no stage 'line'. Did you mean 'lines'? Stages: lines, model. Files are written file:PATTERN.",
            "r.yaml(12,51): stage 'clean', filter 'word-count': option 'min_words' wants a whole number, at least 0, not '-5'.",
            "r.yaml(12,57): stage 'clean': no filter 'langage'. Did you mean 'language'? Filters: language, nothing, word-count.",
            "r.yaml(15,44): stage 'model': input 'tokenizer' wants Tokenizer, but 'clean' gives Documents.",
            "r.yaml(16,33): no variable 'token'. Variables: lines.",
            "r.yaml(17,21): stage 'model', run: option 'threads' wants a whole number, 1 to 4096, not '0'.",
        ]);
    }
}
