using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Experiments.Host;

/// <summary>Creates and connects the parts of the engine. Only this class uses the container.</summary>
public static class Wiring
{
    /// <summary>
    /// The parts that read and plan recipes. Returns at once: it uses no container, and another core finds the plugins
    /// in the meantime.
    /// </summary>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    public static (ArtifactStore Store, Func<PluginCatalog> Catalog) Read(string runsFolder)
    {
        var store = new ArtifactStore(Path.Combine(runsFolder, "artifacts"), Console.Error.WriteLine);
        var catalog = Catalog();
        _ = Task.Run(() => Rehearsal.Of(store, catalog()));
        return (store, catalog);
    }

    /// <summary>The shipped plugins. Another core finds them while the command continues.</summary>
    public static Func<PluginCatalog> Catalog()
    {
        var catalog = Task.Run(() => PluginCatalog.FromFolder(AppContext.BaseDirectory));
        return () => catalog.GetAwaiter().GetResult();
    }

    /// <summary>Creates the parts that execute recipes.</summary>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    public static ExecutionParts Execute(string runsFolder)
    {
        var (store, catalog) = Read(runsFolder);
        var settings = new HostApplicationBuilderSettings { DisableDefaults = true };
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings);
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(catalog)
            .AddSingleton(store)
            .AddSingleton<IWorkerLauncher>(services => new LocalLauncher(OwnCommand.Of("worker"), services.GetRequiredService<TimeProvider>()))
            .AddSingleton(services => ActivatorUtilities.CreateInstance<TrackedExecution>(services, runsFolder))
            .AddSingleton(services => ActivatorUtilities.CreateInstance<ExecutionParts>(services, runsFolder));
        return builder.Build().Services.GetRequiredService<ExecutionParts>();
    }
}

/// <summary>The parts that execute recipes.</summary>
/// <param name="RunsFolder">The folder of runs and artifacts.</param>
/// <param name="Catalog">Returns the shipped plugins.</param>
/// <param name="Execution">Runs recipes and sweeps.</param>
/// <param name="Time">The clock.</param>
public sealed record ExecutionParts(string RunsFolder, Func<PluginCatalog> Catalog, TrackedExecution Execution, TimeProvider Time);
