using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Chart;

public sealed class ChartTests
{
    [Fact]
    public void The_chart_carries_the_definitions_of_crds_unchanged()
    {
        // Helm reads nothing outside of a chart, so the chart has copies; `make crds` writes both.
        ContentOf("charts/smime-operator/crd-files").ShouldBe(ContentOf("crds"));
    }

    private static Dictionary<string, string> ContentOf(string folder) =>
        Directory.EnumerateFiles(RepositoryRoot.Path(folder), "*.yaml").ToDictionary(f => Path.GetFileName(f), File.ReadAllText, StringComparer.Ordinal);
}
