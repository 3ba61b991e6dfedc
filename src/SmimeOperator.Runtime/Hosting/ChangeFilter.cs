using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime.Hosting;

/// <summary>Which changes of an entity ask for a pass. Those of its status never do: we write it ourselves.</summary>
internal sealed class ChangeFilter<TEntity>(
    OperatorSettings settings, ControllerOptions<TEntity> options, IReadOnlyCollection<string> finalizers)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public bool Matters(TEntity? before, TEntity? after)
    {
        if (before is null || after is null)
        {
            return true;
        }

        var (old, now) = (before.Metadata, after.Metadata);
        return old.Uid != now.Uid
            || old.Generation != now.Generation
            || (old.DeletionTimestamp is null && now.DeletionTimestamp is not null)
            || (now.DeletionTimestamp is null && finalizers.Any(id => now.Finalizers?.Contains(id) != true))
            || settings.TriggerAnnotations.Any(name => Value(old.Annotations, name) != Value(now.Annotations, name))
            || (options.TriggerOnLabels && !SameEntries(old.Labels, now.Labels))
            || options.TriggerWhen?.Invoke(before, after) == true;
    }

    private static string? Value(IDictionary<string, string>? map, string name) =>
        map is not null && map.TryGetValue(name, out var value) ? value : null;

    private static bool SameEntries(IDictionary<string, string>? a, IDictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a is null || a.All(entry => Value(b, entry.Key) == entry.Value));
}
