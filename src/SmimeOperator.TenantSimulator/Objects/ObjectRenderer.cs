using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Schema;

namespace SmimeOperator.TenantSimulator.Objects;

/// <summary>Writes objects as the service answers them.</summary>
internal static class ObjectRenderer
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole object as one JSON text, from its cache when nothing of it changed.</summary>
    public static byte[] Render(TenantObject item, CollectionKind kind, bool withAssignments)
    {
        var cached = withAssignments ? item.Rendered.WithAssignments : item.Rendered.Plain;
        if (cached is not null)
        {
            return cached;
        }

        var rendered = Render(writer => WriteMembers(writer, item, kind, withAssignments));
        if (withAssignments)
        {
            item.Rendered.WithAssignments = rendered;
        }
        else
        {
            item.Rendered.Plain = rendered;
        }

        return rendered;
    }

    public static byte[] Render(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteMembers(Utf8JsonWriter writer, TenantObject item, CollectionKind kind, bool withAssignments)
    {
        WriteType(writer, item, kind);
        foreach (var property in item.Type.Properties)
        {
            WriteProperty(writer, item, property);
        }

        if (item.Type.IsOpen)
        {
            WriteOpenMembers(writer, item);
        }

        if (withAssignments)
        {
            WriteAssignments(writer, item, kind);
        }
    }

    public static void WriteType(Utf8JsonWriter writer, TenantObject item, CollectionKind kind)
    {
        if (kind.IsPolymorphic)
        {
            writer.WriteString("@odata.type", item.Type.ODataType);
        }
    }

    public static void WriteProperty(Utf8JsonWriter writer, TenantObject item, PropertyKind property)
    {
        if (property.Name == "id")
        {
            writer.WriteString("id", item.Id);
            return;
        }

        var present = item.Properties.TryGetPropertyValue(property.Name, out var value);
        if (!present && property.IsNewer)
        {
            return;
        }

        writer.WritePropertyName(property.Name);
        WriteValue(writer, value);
    }

    public static void WriteAssignments(Utf8JsonWriter writer, TenantObject item, CollectionKind kind)
    {
        writer.WriteString(
            "assignments@odata.context",
            $"$metadata#{kind.Path}('{item.Id}')/{item.Type.FullName}/assignments");
        writer.WriteStartArray("assignments");
        foreach (var assignment in item.Assignments)
        {
            assignment.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    public static void WriteValue(Utf8JsonWriter writer, JsonNode? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private static void WriteOpenMembers(Utf8JsonWriter writer, TenantObject item)
    {
        foreach (var (name, value) in item.Properties)
        {
            if (!item.Type.TryProperty(name, out _))
            {
                writer.WritePropertyName(name);
                WriteValue(writer, value);
            }
        }
    }
}
