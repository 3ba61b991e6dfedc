using System.Text.Json;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Queries;

namespace SmimeOperator.TenantSimulator.Requests;

/// <summary>Renders objects with $select and with expanded references, which are not worth a cache.</summary>
internal sealed class SelectiveRenderer(TenantStore store)
{
    public byte[] Render(TenantObject item, CollectionKind kind, QueryOptions query, bool withAssignments) =>
        ObjectRenderer.Render(writer => WriteMembers(writer, item, kind, query, withAssignments));

    public void WriteMembers(Utf8JsonWriter writer, TenantObject item, CollectionKind kind, QueryOptions query, bool withAssignments)
    {
        if (query.Select is null)
        {
            ObjectRenderer.WriteMembers(writer, item, kind, withAssignments);
        }
        else
        {
            ObjectRenderer.WriteType(writer, item, kind);
            foreach (var selected in query.Select)
            {
                if (item.Type.Is(selected.Cast ?? kind.Type))
                {
                    ObjectRenderer.WriteProperty(writer, item, selected.Property);
                }
            }

            if (withAssignments)
            {
                ObjectRenderer.WriteAssignments(writer, item, kind);
            }
        }

        foreach (var name in query.Expand.Where(e => e != "assignments"))
        {
            WriteReference(writer, item, name);
        }
    }

    private void WriteReference(Utf8JsonWriter writer, TenantObject item, string name)
    {
        if (!item.Type.TryNavigation(name, out var navigation))
        {
            return;
        }

        writer.WritePropertyName(name);
        if (navigation.IsCollection)
        {
            writer.WriteStartArray();
            writer.WriteEndArray();
        }
        else if (ReferenceHandler.Target(store, item, name) is var (kind, target))
        {
            writer.WriteRawValue(ObjectRenderer.Render(target, kind, withAssignments: false), skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
