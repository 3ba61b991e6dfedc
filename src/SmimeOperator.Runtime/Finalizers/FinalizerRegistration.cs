using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;

namespace SmimeOperator.Runtime.Finalizers;

/// <summary>A finalizer of an entity: its identifier, and the class that cleans up.</summary>
[SuppressMessage("Major Code Smell", "S2326", Justification = "The entity tells the registrations apart.")]
internal sealed record FinalizerRegistration<TEntity>(string Identifier, Type Implementation)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;
