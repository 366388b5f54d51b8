using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Experiments.Engine.Plugins;

/// <summary>
/// Compiles C# files. Only this class uses the compiler, so that it is loaded only when something must be compiled. It
/// passes no analyzers and no source generators to it, so that compiling a file runs none of its code.
/// </summary>
/// <param name="references">Paths of the assemblies that the sources may use.</param>
internal sealed class PluginCompiler(IReadOnlyList<string> references)
{
    /// <summary>
    /// Namespaces that a plugin file can use without a using directive: those of the SDK and of the contracts.
    /// </summary>
    private static readonly string[] ImplicitUsings =
    [
        "System", "System.Collections.Generic", "System.ComponentModel.DataAnnotations", "System.IO", "System.Linq",
        "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "Experiments.Contracts", "Experiments.Contracts.Artifacts", "Experiments.Contracts.Running", "Experiments.Contracts.Text",
        "Experiments.Contracts.Tracking",
    ];

    private const int MostBytes = 4_000_000;
    private const int MostBrackets = 200;
    private const int StackBytes = 64 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] TorchUsings = ["Experiments.Contracts.Torch", "TorchSharp", "TorchSharp.Modules"];

    private readonly MetadataReference[] _references = [.. references.Select(reference => MetadataReference.CreateFromFile(reference))];

    /// <summary>Compiles one file.</summary>
    /// <param name="path">The path of the file, which stack traces show.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="assemblyName">The assembly's name.</param>
    /// <exception cref="InvalidPluginException">The source is made to exhaust the compiler.</exception>
    public CompiledPlugins Compile(string path, byte[] source, string assemblyName)
    {
        if (source.Length > MostBytes || DeepestBrackets(source) > MostBrackets)
        {
            throw new InvalidPluginException($"it has more than {MostBytes:N0} bytes, or brackets in more than {MostBrackets} levels.");
        }

        // Nothing interrupts the compiler. The thread is a background thread, so the program can end.
        CompiledPlugins? compiled = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                compiled = CompileHere(path, source, assemblyName);
            }
            catch (Exception problem)
            {
                failure = problem;
            }
        }, StackBytes) { IsBackground = true };
        thread.Start();
        return !thread.Join(Patience) ? throw new InvalidPluginException($"it does not compile within {Patience.TotalSeconds:0} seconds.")
            : compiled ?? throw new InvalidPluginException($"the compiler fails: {failure!.Message}");
    }

    private CompiledPlugins CompileHere(string path, byte[] source, string assemblyName)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse);
        var compilation = CSharpCompilation.Create(
            assemblyName,
            [
                CSharpSyntaxTree.ParseText(SourceText.From(source, source.Length, Encoding.UTF8, canBeEmbedded: true), parsing, path),
                CSharpSyntaxTree.ParseText(SourceText.From(Usings(), Encoding.UTF8), parsing),
            ],
            _references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable, deterministic: true));
        using var assembly = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = compilation.Emit(assembly, xmlDocumentationStream: documentation, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(Describe);
        return new(assembly.ToArray(), documentation.ToArray(), [.. errors]);
    }

    /// <summary>The greatest depth of brackets in a source; those in texts and comments count too.</summary>
    private static int DeepestBrackets(ReadOnlySpan<byte> source)
    {
        var (depth, deepest) = (0, 0);
        foreach (var letter in source)
        {
            depth += letter is (byte)'(' or (byte)'[' or (byte)'{' ? 1 : letter is (byte)')' or (byte)']' or (byte)'}' ? -1 : 0;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    private string Usings()
    {
        var hasTorch = references.Any(reference => Path.GetFileName(reference) == "TorchSharp.dll");
        return string.Concat(ImplicitUsings.Concat(hasTorch ? TorchUsings : []).Select(name => $"global using global::{name};\n"));
    }

    private static CompileError Describe(Diagnostic diagnostic)
    {
        var start = diagnostic.Location.GetLineSpan().StartLinePosition;
        var text = $"error {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
        return diagnostic.Location.IsInSource ? new(start.Line + 1, start.Character + 1, text) : new(0, 0, text);
    }
}

/// <summary>The result of compiling a file.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Documentation">Its documentation, XML.</param>
/// <param name="Errors">The compiler's errors. When there are any, the other values are unusable.</param>
internal sealed record CompiledPlugins(byte[] Assembly, byte[] Documentation, IReadOnlyList<CompileError> Errors);

/// <summary>Something wrong in a source.</summary>
/// <param name="Line">From 1; 0 when the error has no location.</param>
/// <param name="Column">From 1; 0 when the error has no location.</param>
/// <param name="Text">The compiler's message: <c>error CS0103: The name 'x' does not exist in the current
/// context</c>.</param>
internal sealed record CompileError(int Line, int Column, string Text);
