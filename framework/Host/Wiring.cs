using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Experiments.Host;

/// <summary>Puts the engine's parts together. Nothing else knows the container.</summary>
public static class Wiring
{
    /// <summary>What a command needs to read recipes and plan them. It answers at once: no container, and the plugins are found on another core meanwhile.</summary>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    public static (ArtifactStore Store, Func<PluginCatalog> Catalog) Read(string runsFolder)
    {
        var store = new ArtifactStore(Path.Combine(runsFolder, "artifacts"), Console.Error.WriteLine);
        var catalog = Catalog();
        _ = Task.Run(() => Rehearsal.Of(store, catalog()));
        return (store, catalog);
    }

    /// <summary>The shipped plugins, found on another core while the command goes on.</summary>
    public static Func<PluginCatalog> Catalog()
    {
        var catalog = Task.Run(() => PluginCatalog.FromFolder(AppContext.BaseDirectory));
        return () => catalog.GetAwaiter().GetResult();
    }

    /// <summary>What a command needs to execute recipes.</summary>
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
            .AddSingleton<IWorkerLauncher>(_ => new LocalLauncher(OwnCommand.Of("worker")))
            .AddSingleton(services => ActivatorUtilities.CreateInstance<TrackedExecution>(services, runsFolder))
            .AddSingleton(services => ActivatorUtilities.CreateInstance<ExecutionParts>(services, runsFolder));
        return builder.Build().Services.GetRequiredService<ExecutionParts>();
    }
}

/// <summary>The parts that execute recipes.</summary>
/// <param name="RunsFolder">The folder of runs and artifacts.</param>
/// <param name="Catalog">Gives the shipped plugins.</param>
/// <param name="Execution">Runs recipes and sweeps.</param>
/// <param name="Time">The clock.</param>
public sealed record ExecutionParts(string RunsFolder, Func<PluginCatalog> Catalog, TrackedExecution Execution, TimeProvider Time);
