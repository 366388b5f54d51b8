using Experiments.Engine.Graphs;

namespace Experiments.Engine.Tests.Graphs;

public sealed class FlowChartTests
{
    [Fact]
    public void WhatMermaidWouldReadAsItsOwnIsEscaped()
    {
        var chart = new FlowChart();
        chart.Node("end", ["a \"b\" <c> #1"], "run");

        chart.ToString().ShouldBe("flowchart TD\n  n1[\"a #quot;b#quot; #lt;c#gt; #35;1\"]:::run\n");
    }

    [Fact]
    public void ANodeIsAddedOnce()
    {
        var chart = new FlowChart();

        chart.Node("a", ["a"], "run").ShouldBeTrue();
        chart.Node("a", ["a"], "run").ShouldBeFalse();
    }
}
