import Serialization

extension TaskDefinition {
  /// The task with its arguments, to be sent later or to be part of a workflow: the field's `s`.
  public func signature(_ options: ApplyOptions = ApplyOptions()) throws(TaskSendError) -> Signature {
    try Signature(self, name: Self.name, Self.options, options)
  }

  /// The same, immutable: it takes nothing from the tasks before it. The field's `si`.
  public func immutableSignature(_ options: ApplyOptions = ApplyOptions()) throws(TaskSendError) -> Signature {
    var signature = try signature(options)
    signature.isImmutable = true
    return signature
  }
}

extension AsyncTaskDefinition {
  /// The task with its arguments, to be sent later or to be part of a workflow: the field's `s`.
  public func signature(_ options: ApplyOptions = ApplyOptions()) throws(TaskSendError) -> Signature {
    try Signature(self, name: Self.name, Self.options, options)
  }
}

extension TaskWithInput {
  /// The task with its own arguments, to be sent after another: the field's `s`.
  public func signature(_ options: ApplyOptions = ApplyOptions()) throws(TaskSendError) -> Signature {
    try Signature(self, name: Self.name, Self.options, options)
  }
}

extension Signature {
  /// A task of the typed level.
  init(
    _ value: some Encodable, name: String, _ defaults: TaskOptions, _ options: ApplyOptions
  ) throws(TaskSendError) {
    let content = try TaskContent.encode(
      value, serializer: options.serializer ?? defaults.serializer,
      compression: options.compression ?? defaults.compression)
    // Whoever sends it need not have the task registered.
    var options = options
    options.expires = options.expires ?? defaults.expires
    if defaults.ignoreResult { options.ignoreResult = options.ignoreResult ?? true }
    if defaults.priority > 0 { options.priority = options.priority ?? defaults.priority }
    self.init(name, arguments: content, options: options)
  }
}
