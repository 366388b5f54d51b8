using Experiments.Contracts.Reports;
using Experiments.Testing;

namespace Experiments.Contracts.Tests.Reports;

public sealed class EvaluationReportTests : IDisposable
{
    private readonly StageBench _bench = new();

    private string Folder => _bench.Folder("report");

    private string File => Path.Combine(Folder, ReportJson.FileName);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void ItsFileKeepsItsForm()
    {
        ReportJson.Write(Folder, new EvaluationReport
        {
            Figures = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["exact_match/a"] = 0.5, ["bits_per_byte"] = double.NaN },
            Sets = [new("a", 2, 0.5, 0.25, 1, 3.5)],
            Dialogues = [new("Hi <b>", "Año", Stopped: true, 2)],
            Examples = [new("a", "1 + 1?", "2", "3", Stopped: false, 0)],
        });

        System.IO.File.ReadAllText(File).ShouldBe("""
            {
              "kind": "evaluation",
              "figures": {
                "bits_per_byte": "NaN",
                "exact_match/a": 0.5
              },
              "sets": [
                {
                  "set": "a",
                  "problems": 2,
                  "exact_match": 0.5,
                  "exact_match_error": 0.25,
                  "stopped_share": 1,
                  "mean_completion_tokens": 3.5
                }
              ],
              "dialogues": [
                {
                  "prompt": "Hi <b>",
                  "answer": "Año",
                  "stopped": true,
                  "tokens": 2
                }
              ],
              "continuations": [],
              "examples": [
                {
                  "set": "a",
                  "prompt": "1 + 1?",
                  "truth": "2",
                  "answer": "3",
                  "stopped": false,
                  "score": 0
                }
              ]
            }

            """.ReplaceLineEndings("\n"));
        EvaluationReport.Find(Folder)!.Sets.ShouldBe([new EvaluatedSet("a", 2, 0.5, 0.25, 1, 3.5)]);
    }

    [Theory]
    [InlineData("""{ "kind": "tokenizer" }""")]
    [InlineData("""{ "sets": [] }""")]
    [InlineData("[]")]
    public void AnotherKindOfReportIsNone(string json)
    {
        System.IO.File.WriteAllText(File, json);
        EvaluationReport.Find(Folder).ShouldBeNull();
    }

    [Fact]
    public void ADamagedFileIsNamed()
    {
        System.IO.File.WriteAllText(File, """{ "kind": "evaluation", "sets": 3 }""");
        Should.Throw<InvalidDataException>(() => EvaluationReport.Find(Folder)).Message.ShouldStartWith(File);
    }
}
