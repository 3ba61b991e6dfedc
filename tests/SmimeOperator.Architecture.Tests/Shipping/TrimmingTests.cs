using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using k8s.Models;
using SmimeOperator.Architecture.Tests.Arrows;
using SmimeOperator.Testing;

namespace SmimeOperator.Architecture.Tests.Shipping;

/// <summary>What is read and written by reflection must be named where programs are trimmed: what is missing there would be skipped in silence.</summary>
public sealed class TrimmingTests
{
    private const string Models = "k8s.Models";

    [Fact]
    public void Every_model_of_Kubernetes_that_our_code_uses_is_kept_whole_with_all_that_it_consists_of()
    {
        var kept = XDocument.Load(RepositoryRoot.Path("src", "Shipped.roots.xml")).Descendants("type").Select(t => t.Attribute("fullname")!.Value);

        var used = Rooms.Arrows.Keys.SelectMany(ModelsIn).ToHashSet();
        for (List<Type> parts = [.. used]; parts.Count > 0;)
        {
            parts = [.. parts.SelectMany(t => t.GetProperties()).SelectMany(p => PartsOf(p.PropertyType)).Where(t => IsModel(t) && used.Add(t))];
        }

        used.Select(t => t.FullName!).Except(kept).ShouldBeEmpty();
    }

    // Generic arguments: a list's items and a dictionary's values.
    private static IEnumerable<Type> PartsOf(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(PartsOf) : [type];

    private static bool IsModel(Type type) => type.Namespace == Models && type is { IsClass: true, IsAbstract: false };

    private static List<Type> ModelsIn(string room)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, AssemblyOf(room) + ".dll")));
        var reader = file.GetMetadataReader();
        return
        [
            .. reader.TypeReferences.Select(reader.GetTypeReference)
                .Where(r => reader.GetString(r.Namespace) == Models)
                .Select(r => typeof(V1ObjectMeta).Assembly.GetType($"{Models}.{reader.GetString(r.Name)}"))
                .OfType<Type>()
                .Where(IsModel),
        ];
    }

    private static string AssemblyOf(string room) => room == "Smimectl" ? "smimectl" : room;
}
