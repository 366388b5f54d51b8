using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Engine.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Experiments.Host;

/// <summary>Puts the engine's parts together.</summary>
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

    /// <summary>The host of a run.</summary>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    public static IServiceProvider Build(string runsFolder)
    {
        var (store, catalog) = Read(runsFolder);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(catalog)
            .AddSingleton(store)
            .AddSingleton(_ => WorkerCommand.Own())
            .AddSingleton(services => new RunExecutor(
                services.GetRequiredService<ArtifactStore>(), services.GetRequiredService<WorkerCommand>(), runsFolder, services.GetRequiredService<TimeProvider>()));
        return builder.Build().Services;
    }
}
