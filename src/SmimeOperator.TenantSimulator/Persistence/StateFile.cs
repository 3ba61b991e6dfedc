using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Persistence;

/// <summary>The tenant as a file, uploaded certificates included.</summary>
internal sealed class StateFile(TenantStore store, string path)
{
    private const int Format = 1;
    private readonly Lock _gate = new();
    private long _saved;

    public void Load()
    {
        if (!File.Exists(path))
        {
            return;
        }

        var state = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        if ((int?)state["format"] != Format)
        {
            throw new InvalidDataException($"{path} is no state of a simulated tenant, or of another version.");
        }

        lock (store.Gate)
        {
            foreach (var (name, items) in state["collections"]!.AsObject())
            {
                var kind = CollectionKind.Find(name) ?? throw new InvalidDataException($"{path} names an unknown collection '{name}'.");
                foreach (var item in items!.AsArray())
                {
                    store.Restore(kind, Read(item!.AsObject()));
                }
            }
        }

        _saved = store.Revision;
    }

    /// <summary>Writes the file when anything has changed since it was written last; a reader sees the old one or the new one.</summary>
    public void Save()
    {
        lock (_gate)
        {
            var revision = store.Revision;
            if (revision == _saved && File.Exists(path))
            {
                return;
            }

            List<(CollectionKind Kind, List<TenantObject> Items)> picture;
            lock (store.Gate)
            {
                picture = [.. store.Collections.Select(c => (c.Kind, c.Items.ToList()))];
            }

            var temporary = path + ".new";
            using (var stream = File.Create(temporary))
            {
                Write(stream, picture);
            }

            File.Move(temporary, path, overwrite: true);
            _saved = revision;
        }
    }

    private static void Write(Stream stream, List<(CollectionKind Kind, List<TenantObject> Items)> picture)
    {
        using var writer = new Utf8JsonWriter(stream, ObjectRenderer.WriterOptions with { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("format", Format);
        writer.WriteStartObject("collections");
        foreach (var (kind, items) in picture)
        {
            writer.WriteStartArray(kind.Name);
            items.ForEach(i => Write(writer, i));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, TenantObject item)
    {
        writer.WriteStartObject();
        writer.WriteString("id", item.Id);
        writer.WriteString("type", item.Type.Name);
        writer.WriteNumber("sequence", item.Sequence);
        writer.WriteString("visibleFrom", item.VisibleFrom);
        writer.WritePropertyName("properties");
        item.Properties.WriteTo(writer);
        writer.WriteStartArray("assignments");
        foreach (var assignment in item.Assignments)
        {
            assignment.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("references");
        foreach (var (name, id) in item.References)
        {
            writer.WriteString(name, id);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("summaries");
        foreach (var (name, counts) in item.Summaries)
        {
            writer.WritePropertyName(name);
            counts.WriteTo(writer);
        }

        writer.WriteEndObject();
        if (item.Members.Count > 0)
        {
            writer.WriteStartArray("members");
            item.Members.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }

        if (item.Pfx is { } pfx)
        {
            writer.WriteStartObject("pfx");
            writer.WriteBase64String("blob", pfx.Blob);
            writer.WriteBase64String("password", pfx.EncryptedPassword);
            writer.WriteString("padding", pfx.PaddingScheme);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private TenantObject Read(JsonObject saved) => new()
    {
        Id = (string)saved["id"]!,
        Type = GraphSchema.Current.Types[(string)saved["type"]!],
        Sequence = (long)saved["sequence"]!,
        VisibleFrom = (DateTimeOffset)saved["visibleFrom"]!,
        Properties = (JsonObject)Unlazy(saved["properties"]!.AsObject()),
        Assignments = [.. saved["assignments"]!.AsArray().Select(a => (JsonObject)Unlazy(a!.AsObject()))],
        References = saved["references"]!.AsObject().ToImmutableDictionary(r => r.Key, r => (string)r.Value!),
        Summaries = (saved["summaries"]?.AsObject() ?? []).ToImmutableDictionary(s => s.Key, s => (JsonObject)Unlazy(s.Value!.AsObject())),
        Members = [.. (saved["members"]?.AsArray() ?? []).Select(m => (string)m!)],
        Pfx = saved["pfx"] is JsonObject pfx
            ? store.MakePfx(
                Convert.FromBase64String((string)pfx["blob"]!),
                Convert.FromBase64String((string)pfx["password"]!),
                (string)pfx["padding"]!)
            : null,
    };

    /// <summary>A parsed node reads itself on first use; readers without a lock need one that is ready.</summary>
    private static JsonNode Unlazy(JsonNode node) => node switch
    {
        JsonObject item => new JsonObject(item.Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : Unlazy(p.Value)))),
        JsonArray array => new JsonArray([.. array.Select(e => e is null ? null : Unlazy(e))]),
        _ => node.DeepClone(),
    };
}
