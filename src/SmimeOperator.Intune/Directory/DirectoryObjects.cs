namespace SmimeOperator.Intune;

/// <summary>A user of the directory.</summary>
/// <param name="Id">Object id.</param>
/// <param name="UserPrincipalName">The name people sign in with.</param>
/// <param name="Mail">Primary SMTP address.</param>
/// <param name="ProxyAddresses">All addresses, with their smtp: prefix as the directory has them.</param>
/// <param name="AccountEnabled">Whether the account may sign in; null where the directory does not say.</param>
/// <param name="IsGuest">Whether the user was invited from elsewhere (userType Guest).</param>
public sealed record DirectoryUser(
    string Id, string UserPrincipalName, string? Mail, IReadOnlyList<string> ProxyAddresses, bool? AccountEnabled, bool IsGuest = false);

/// <summary>A group of the directory.</summary>
/// <param name="Id">Object id, in lower case.</param>
/// <param name="DisplayName">Its name; not unique.</param>
public sealed record DirectoryGroup(string Id, string DisplayName);
