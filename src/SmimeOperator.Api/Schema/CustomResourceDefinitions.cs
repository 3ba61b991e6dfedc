using System.Reflection;
using k8s.Models;
using YamlDotNet.RepresentationModel;
using static SmimeOperator.Api.Schema.Yaml;
using Entry = (string Key, YamlDotNet.RepresentationModel.YamlNode Value);

namespace SmimeOperator.Api.Schema;

/// <summary>The CustomResourceDefinitions of all kinds: generated from the types, and as they were shipped.</summary>
public static class CustomResourceDefinitions
{
    private const string Folder = "crds/";

    private static readonly Type[] Kinds = [typeof(Tenant), typeof(SmimePolicy), typeof(CertificateImport), typeof(Assignment)];

    /// <summary>The definitions as the types say them: kind to YAML. Needs the documentation file beside the assembly.</summary>
    public static IReadOnlyDictionary<string, string> Generate()
    {
        var schemas = new SchemaBuilder(Descriptions.Load());
        return Kinds.ToDictionary(Name, kind => Write(Definition(kind, schemas)));
    }

    /// <summary>The definitions that this assembly was built with: kind to YAML. Needs nothing but the assembly.</summary>
    public static IReadOnlyDictionary<string, string> Embedded() => Kinds.ToDictionary(Name, kind => Resource(FileName(Name(kind))));

    /// <summary>The name of a kind's file in the folder crds.</summary>
    public static string FileName(string kind) => $"{ApiGroup.Name}_{Names(Kinds.Single(type => Name(type) == kind)).Plural}.yaml";

    private static YamlMappingNode Definition(Type kind, SchemaBuilder schemas) => Map(
        ("apiVersion", Text("apiextensions.k8s.io/v1")),
        ("kind", Text("CustomResourceDefinition")),
        ("metadata", Map(("name", Text($"{Names(kind).Plural}.{ApiGroup.Name}")))),
        ("spec", Map(
            ("group", Text(ApiGroup.Name)),
            ("names", Map(
                ("kind", Text(Name(kind))),
                ("listKind", Text($"{Name(kind)}List")),
                ("plural", Text(Names(kind).Plural)),
                ("singular", Text(Name(kind).ToLowerInvariant())),
                ("shortNames", Texts([Names(kind).ShortName])),
                ("categories", Texts(["smime"])))),
            ("scope", Text("Namespaced")),
            ("versions", List([Version(kind, schemas)])))));

    private static YamlMappingNode Version(Type kind, SchemaBuilder schemas)
    {
        var selectable = kind.GetCustomAttributes<SelectableFieldAttribute>()
            .Select(field => Map(("jsonPath", Text(field.JsonPath))))
            .ToList();
        return Map([
            ("name", Text(ApiGroup.Version)),
            ("served", Flag(true)),
            ("storage", Flag(true)),
            ("subresources", Map(("status", Map()))),
            ("additionalPrinterColumns", List(kind.GetCustomAttributes<PrinterColumnAttribute>().Select(Column))),
            .. selectable.Count > 0 ? [("selectableFields", List(selectable))] : Array.Empty<Entry>(),
            ("schema", Map(("openAPIV3Schema", schemas.Kind(kind)))),
        ]);
    }

    private static YamlMappingNode Column(PrinterColumnAttribute column) => Map([
        ("name", Text(column.Name)),
        ("type", Text(column.Type)),
        ("jsonPath", Text(column.JsonPath)),
        .. column.Priority > 0 ? [("priority", Number(column.Priority))] : Array.Empty<Entry>(),
    ]);

    private static string Name(Type kind) => kind.GetCustomAttribute<KubernetesEntityAttribute>()!.Kind;

    private static ResourceNamesAttribute Names(Type kind) => kind.GetCustomAttribute<ResourceNamesAttribute>()!;

    private static string Resource(string fileName)
    {
        using var stream = typeof(CustomResourceDefinitions).Assembly.GetManifestResourceStream(Folder + fileName)
            ?? throw new InvalidOperationException($"The assembly was built without {Folder}{fileName}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
