using k8s;
using k8s.Models;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Hosting;

/// <summary>Objects of another kind whose changes concern entities of this one.</summary>
internal interface IRelation<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Reports the keys of the entities concerned, from now on.</summary>
    void Connect(IServiceProvider services, IEntityStore<TEntity> entities, Action<IEnumerable<NamespacedName>> concerned);
}

/// <summary>The relation to the objects of one informer.</summary>
internal sealed class Relation<TRelated, TEntity>(
    Func<IServiceProvider, Informer<TRelated>> informer,
    Func<TRelated, IEntityStore<TEntity>, IEnumerable<NamespacedName>> map,
    Func<TRelated?, TRelated?, bool>? matters)
    : IRelation<TEntity>
    where TRelated : class
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public void Connect(IServiceProvider services, IEntityStore<TEntity> entities, Action<IEnumerable<NamespacedName>> concerned) =>
        informer(services).Store.Subscribe(change =>
        {
            if (matters?.Invoke(change.Old, change.New) == false)
            {
                return;
            }

            // Whom it concerned before must learn that it no longer does.
            concerned(Keys(change.Old).Concat(Keys(change.New)).Distinct());

            IEnumerable<NamespacedName> Keys(TRelated? related) => related is null ? [] : map(related, entities);
        });
}
