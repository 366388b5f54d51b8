using Experiments.Engine.Code;
using Experiments.Engine.Plugins;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Code;

public sealed class CodeOfManyPluginsTests
{
    [Fact]
    public void SeveralStagesAskForTheirCodeAtOnce()
    {
        var catalog = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly);
        PluginDescription[] plugins = [.. catalog.Plugins];
        for (var round = 0; round < 20; round++)
        {
            var digest = new CodeDigest();
            Parallel.For(0, 64, each => digest.Of(plugins[each % plugins.Length]).Digest.Length.ShouldBe(64));
        }
    }
}
