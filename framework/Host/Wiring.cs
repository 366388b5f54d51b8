using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Experiments.Host;

/// <summary>Puts the engine's parts together.</summary>
public static class Wiring
{
    /// <summary>The parts that a command works with.</summary>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    public static IServiceProvider Build(string runsFolder)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => PluginCatalog.FromFolder(AppContext.BaseDirectory))
            .AddSingleton(_ => new ArtifactStore(Path.Combine(runsFolder, "artifacts"), Console.Error.WriteLine))
            .AddSingleton(_ => WorkerCommand.Own())
            .AddSingleton(services => new RunExecutor(
                services.GetRequiredService<ArtifactStore>(), services.GetRequiredService<WorkerCommand>(), runsFolder, services.GetRequiredService<TimeProvider>()));
        return builder.Build().Services;
    }
}
