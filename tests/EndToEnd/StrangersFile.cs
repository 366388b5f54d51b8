namespace Experiments.EndToEnd.Tests;

/// <summary>
/// A plugin file in which everything that can run says so: it appends a line to <c>executed.txt</c>.
/// </summary>
internal static class StrangersFile
{
    /// <summary>The recipe that uses all plugins of the file.</summary>
    public const string Used = """
        name: used
        plugins: [FILE]
        tracking: { tracker: { use: own-tracker, label: a } }
        stages:
          a: { use: own-stage, with: { x: 3, inner: { size: 5 }, inners: [{ size: 6 }], other: own-other, colors: [red] } }
          b: { use: own-stage }
          c: { use: read-own, inputs: { made: a } }
        sweep: { method: grid, space: { x: { path: stages.a.with.x, values: [1, 2] } }, objective: { minimize: c.seconds } }
        """;

    /// <summary>The recipe that names the file and uses none of its plugins.</summary>
    public const string Unused = "name: unused\nplugins: [FILE]\nstages:\n  a: { use: generate-world }\n";

    /// <summary>The recipe that has mistakes of many kinds.</summary>
    public const string Broken = """
        name: broken
        plugins: [FILE]
        tracking: { tracker: { use: own-tracker, lable: a } }
        stages:
          a: { use: own-stage, with: { x: many, color: blue, inner: { sise: 5 }, inners: [3], y: [], filter: { use: own-filter, word: 3, no: 1 } } }
          b: { use: nosuch }
          c: { use: read-own, inputs: { made: b } }
        """;

    /// <summary>The file.</summary>
    /// <param name="folder">The folder of <c>executed.txt</c>.</param>
    public static string Source(string folder) => $$"""
        using System.ComponentModel;
        using System.Globalization;
        using System.Runtime.CompilerServices;
        using Experiments.Contracts.Sizing;

        public static class Mark
        {
            public static int Hit(string what) { File.AppendAllText("{{folder}}/executed.txt", what + "\n"); return 1; }
            [ModuleInitializer] internal static void Initialize() => Hit("module initializer");
        }

        public enum Color { Red, Green = 5 }

        [AttributeUsage(AttributeTargets.All)]
        public sealed class PlainAttribute : Attribute
        {
            static PlainAttribute() => Mark.Hit("attribute's static constructor");
            public PlainAttribute(Color color, params Type[] types) => Mark.Hit("attribute's constructor");
            public string? Note { get => ""; set => Mark.Hit("attribute's property"); }
        }

        public sealed class GenericAttribute<T> : Attribute { public GenericAttribute() => Mark.Hit("generic attribute"); }

        public sealed class RuleAttribute : ValidationAttribute
        {
            public RuleAttribute() => Mark.Hit("rule's constructor");
            public override bool IsValid(object? value) { Mark.Hit("rule's check"); return true; }
            public override string FormatErrorMessage(string name) { Mark.Hit("rule's text"); return name; }
            public override string ToString() { Mark.Hit("rule's ToString"); return ""; }
        }

        public sealed class OwnConverter : TypeConverter
        {
            public OwnConverter() => Mark.Hit("converter's constructor");
            public override bool CanConvertFrom(ITypeDescriptorContext? context, Type type) => Mark.Hit("converter's check") == 1;
            public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) { Mark.Hit("conversion"); return new Own(); }
        }

        [TypeConverter(typeof(OwnConverter))]
        public sealed class Own : IComparable
        {
            static Own() => Mark.Hit("own type's static constructor");
            public int CompareTo(object? other) => Mark.Hit("comparison") - 1;
        }

        public static class Texts
        {
            public static string Message { get { Mark.Hit("message"); return "{0}"; } }
            public static ValidationResult? Check(object? value, ValidationContext context) { Mark.Hit("custom check"); return ValidationResult.Success; }
        }

        [TypeConverter(typeof(OwnConverter)), Plain(Color.Red)]
        public sealed record Inner : IValidatableObject
        {
            static Inner() => Mark.Hit("nested record's static constructor");
            public Inner() => Mark.Hit("nested record's constructor");
            private int size = 4;
            [Rule] public int Size { get { Mark.Hit("nested getter"); return size; } init { Mark.Hit("nested setter"); size = value; } }
            public IEnumerable<ValidationResult> Validate(ValidationContext context) { Mark.Hit("nested record's check"); return []; }
            public override string ToString() { Mark.Hit("nested record's ToString"); return ""; }
        }

        public record OwnBase
        {
            public OwnBase() => Mark.Hit("base record's constructor");
            [Rule] public virtual double Rate { get; init; } = 0.5;
        }

        public sealed record OwnOptions : OwnBase, IValidatableObject
        {
            static OwnOptions() => Mark.Hit("options' static constructor");
            public OwnOptions() => Mark.Hit("options' constructor");
            private int x = 1;
            [Rule, Plain(Color.Green, typeof(Own), Note = "n"), Generic<Own>] public int X { get { Mark.Hit("getter"); return x; } init { Mark.Hit("setter"); x = value; } }
            [Range(typeof(Own), "a", "b")] public string Y { get; init; } = "b";
            [CustomValidation(typeof(Texts), "Check")] public int Z { get; init; } = 1;
            [MinLength(1, ErrorMessageResourceType = typeof(Texts), ErrorMessageResourceName = "Message")] public IReadOnlyList<string> W { get; init; } = ["a"];
            [AllowedValues(Color.Red, Color.Green), EnumDataType(typeof(Color))] public Color Color { get; init; } = Color.Green;
            [AddedLater(Color.Green)] public Color Later { get; init; } = Color.Green;
            public IReadOnlyList<Color> Colors { get; init; } = [Color.Red, Color.Green, Color.Red];
            public Color[] ColorArray { get; init; } = [Color.Red, Color.Green, Color.Red];
            public IReadOnlyList<int> Numbers { get; init; } = [1, 2, 3, 4];
            public Inner Inner { get; init; } = new() { Size = 7 };
            public IReadOnlyList<Inner> Inners { get; init; } = [new() { Size = 2 }, new()];
            public IReadOnlyDictionary<string, Inner> Map { get; init; } = new Dictionary<string, Inner> { ["k"] = new() };
            [DefaultUse("own-filter")] public Plugin<IDocumentFilter> Filter { get; init; } = null!;
            public Plugin<IOwnKind>? Other { get; init; }
            public IEnumerable<ValidationResult> Validate(ValidationContext context) { Mark.Hit("options' check"); return []; }
            public static implicit operator OwnOptions(int x) { Mark.Hit("operator"); return new() { X = x }; }
            public override string ToString() { Mark.Hit("options' ToString"); return ""; }
        }

        [PluginKind("own-kind"), Plain(Color.Red)]
        public interface IOwnKind
        {
            static readonly int Number = Mark.Hit("interface's static field");
            int Do() => Mark.Hit("default method");
        }

        /// <summary>Other.</summary>
        [Plugin("own-other"), Plain(Color.Red, Note = "n")]
        public sealed class OwnOther : IOwnKind { static OwnOther() => Mark.Hit("other's static constructor"); public OwnOther() => Mark.Hit("other's constructor"); }

        public sealed record FilterOptions { public FilterOptions() => Mark.Hit("filter's options"); public string Word { get; init; } = "w"; }

        /// <summary>Filter.</summary>
        [Plugin("own-filter")]
        public sealed class OwnFilter : IDocumentFilter
        {
            public OwnFilter(FilterOptions options) => Mark.Hit("filter's constructor");
            public Verdict Apply(Document document) => Verdict.Keep(document);
        }

        /// <summary>Artifact.</summary>
        public sealed class OwnArtifact : Artifact
        {
            static OwnArtifact() => Mark.Hit("artifact's static constructor");
            public OwnArtifact(ArtifactLocation location) : base(location) => Mark.Hit("artifact's constructor");
        }

        /// <summary>Stage.</summary>
        [Plugin("own-stage"), Plain(Color.Green, typeof(Own), Note = "n"), Generic<int>]
        public sealed class OwnStage : IStage<NoInputs, OwnArtifact>, ISizedStage
        {
            static OwnStage() => Mark.Hit("stage's static constructor");
            public OwnStage(OwnOptions options) => Mark.Hit("stage's constructor");
            public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs) { Mark.Hit("stage's size"); return new(); }
            public Task<OwnArtifact> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
            {
                File.WriteAllText(Path.Combine(context.OutputFolder, "own.txt"), "own");
                return Task.FromResult(new OwnArtifact(context.OutputFolder));
            }
        }

        public sealed record ReadInputs
        {
            static ReadInputs() => Mark.Hit("inputs' static constructor");
            public OwnArtifact Made { get; init; } = null!;
            public IReadOnlyDictionary<string, OwnArtifact>? More { get; init; }
        }

        /// <summary>Reader.</summary>
        [Plugin("read-own", ReportsRun = true)]
        public sealed class ReadStage : IStage<ReadInputs, Report>
        {
            public Task<Report> RunAsync(ReadInputs inputs, StageContext context, CancellationToken cancellationToken)
            {
                context.Metrics.Log("seconds", 1);
                File.WriteAllText(Path.Combine(context.OutputFolder, "report.md"), "own");
                return Task.FromResult(new Report(context.OutputFolder));
            }
        }

        /// <summary>Model.</summary>
        [Plugin("own-model")]
        public sealed class OwnModel : IModelArchitecture
        {
            public OwnModel() => Mark.Hit("model's constructor");
            public LanguageModel Build(int vocabularySize, ulong seed) => throw new NotSupportedException();
        }

        public sealed record TrackerOptions { public TrackerOptions() => Mark.Hit("tracker's options"); [Rule] public string Label { get; init; } = "l"; }

        /// <summary>Tracker.</summary>
        [Plugin("own-tracker")]
        public sealed class OwnTracker(TrackerOptions options) : ITracker
        {
            public ITrackingStore Open(TrackingPlace place, TimeProvider time, Action<string> warn) { Mark.Hit("tracker" + options); return new OwnStore(); }
        }

        internal sealed class OwnStore : ITrackingStore
        {
            public string Location => "own";
            public Task<StoredRun> StartRunAsync(RunStart run, string? parent, bool inDoubt, CancellationToken cancellationToken) => Task.FromResult(new StoredRun(run.Id, IsNew: true));
            public Task LogAsync(string id, TrackedBatch batch, bool inDoubt, CancellationToken cancellationToken) => Task.CompletedTask;
            public Task ResumeRunAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;
            public Task LogArtifactAsync(string id, string file, string path, CancellationToken cancellationToken) => Task.CompletedTask;
            public Task EndRunAsync(string id, RunEnd end, CancellationToken cancellationToken) => Task.CompletedTask;
            public void Dispose() { }
        }
        """;
}
