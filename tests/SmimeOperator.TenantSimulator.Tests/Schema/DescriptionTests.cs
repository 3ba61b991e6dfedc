using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.Testing.Graph;

namespace SmimeOperator.TenantSimulator.Tests.Schema;

public sealed class DescriptionTests
{
    private const string Missing = "The official schema is not beside this repository (../shared/reference/graph-beta-subset.csdl).";

    // In the service, and not in the schema's subset.
    private static readonly HashSet<string> Beyond =
    [
        "certificateConnectorDetails", "certificateDestinationStore", "androidForWorkTrustedRootCertificate", "androidManagedStoreApp",
        "macOSTrustedRootCertificate", "windows81TrustedRootCertificate", "device",
    ];

    private static CsdlSchema Official
    {
        get
        {
            var schema = CsdlSchema.TryLoad();
            Assert.SkipWhen(schema is null, Missing);
            return schema!;
        }
    }

    [Fact]
    public void Enumerations_are_described_as_the_schema_declares_them()
    {
        var described = GraphSchema.Current.Enums.Values.Where(e => !Beyond.Contains(e.Name)).Select(e => Write(e.Name, e.IsFlags, e.Members));

        described.ShouldBe(Official.Enums.Values.Select(e => Write(e.Name, e.IsFlags, e.Members)), ignoreOrder: true);
    }

    [Fact]
    public void Types_are_described_as_the_schema_declares_them()
    {
        var official = Official.Types.Values.Select(t => Write(
            t.Name,
            t.BaseName,
            (t.IsEntity, t.IsAbstract, t.IsOpen),
            t.Properties.Select(p => $"{p.Name}:{Short(p.TypeName)}:{p.IsCollection}:{p.IsNullable}"),
            t.Navigations.Select(n => $"{n.Name}:{n.TypeName}:{n.IsCollection}:{n.IsContained}")));

        var described = GraphSchema.Current.Types.Values.Where(t => !Beyond.Contains(t.Name)).Select(t => Write(
            t.Name,
            t.BaseName,
            (t.IsEntity, t.IsAbstract, t.IsOpen),
            t.OwnProperties.Where(p => !p.IsNewer).Select(p => $"{p.Name}:{p.TypeName}:{p.IsCollection}:{p.Nullable}"),
            t.OwnNavigations.Select(n => $"{n.Name}:{n.TypeName}:{n.IsCollection}:{n.IsContained}")));

        described.ShouldBe(official, ignoreOrder: true);
    }

    [Fact]
    public void What_is_called_newer_is_really_not_in_the_schema()
    {
        var official = Official;
        foreach (var type in GraphSchema.Current.Types.Values.Where(t => official.Types.ContainsKey(t.Name)))
        {
            var known = official.Types[type.Name].Properties.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
            type.OwnProperties.Where(p => p.IsNewer && known.Contains(p.Name)).ShouldBeEmpty(type.Name);
        }
    }

    private static string Short(string typeName) => typeName.Replace("Edm.", "", StringComparison.Ordinal);

    private static string Write(string name, bool isFlags, IEnumerable<KeyValuePair<string, int>> members) =>
        $"{name} {isFlags} {string.Join(' ', members.Select(m => $"{m.Key}={m.Value}"))}";

    private static string Write(
        string name, string? baseName, (bool, bool, bool) kind, IEnumerable<string> properties, IEnumerable<string> navigations) =>
        $"{name} {baseName} {kind} {string.Join(' ', properties.Order(StringComparer.Ordinal))} | {string.Join(' ', navigations.Order(StringComparer.Ordinal))}";
}
