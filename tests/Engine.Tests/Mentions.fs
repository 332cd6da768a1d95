/// What compiled code mentions, read from its signatures and its instructions.
/// Not seen: attributes, and constants, which the compiler copies into their users.
module BtcBandit.Engine.Tests.Mentions

open System
open System.Collections.Generic
open System.Reflection
open System.Reflection.Emit
open BtcBandit.Engine.Market

/// One mention: the type that a reader would open, the member in it, and what is mentioned there.
type Mention = { By: Type; Where: string; Of: MemberInfo }

let private everything =
    BindingFlags.Public
    ||| BindingFlags.NonPublic
    ||| BindingFlags.Instance
    ||| BindingFlags.Static
    ||| BindingFlags.DeclaredOnly

let private opCodes =
    dict [
        for field in typeof<OpCodes>.GetFields(BindingFlags.Public ||| BindingFlags.Static) do
            let code = field.GetValue null :?> OpCode
            code.Value, code
    ]

/// The metadata tokens among the operands of a method's instructions.
let private tokens (il: byte array) =
    let found = List<int>()
    let mutable at = 0

    while at < il.Length do
        let wide = il[at] = 0xFEuy

        let code = opCodes[if wide then int16 (0xFE00 ||| int il[at + 1]) else int16 il[at]]

        at <- at + (if wide then 2 else 1)
        let word () = BitConverter.ToInt32(il, at)

        at <-
            at
            + match code.OperandType with
              | OperandType.InlineNone -> 0
              | OperandType.ShortInlineBrTarget
              | OperandType.ShortInlineI
              | OperandType.ShortInlineVar -> 1
              | OperandType.InlineVar -> 2
              | OperandType.InlineI8
              | OperandType.InlineR -> 8
              | OperandType.InlineSwitch -> 4 + 4 * word ()
              | OperandType.InlineField
              | OperandType.InlineMethod
              | OperandType.InlineTok
              | OperandType.InlineType ->
                  found.Add(word ())
                  4
              | _ -> 4

    found

/// The type that a reader would open: compilers nest what they make of lambdas and iterators.
let rec outermost (kind: Type) =
    match kind.DeclaringType with
    | null -> kind
    | parent -> outermost parent

/// A type and the types it is made of: elements of arrays and references, arguments of generics.
let rec private parts (kind: Type) : Type seq =
    seq {
        if kind.HasElementType then
            yield! parts (nonNull (kind.GetElementType()))
        elif not kind.IsGenericParameter then
            kind

            if kind.IsGenericType && not kind.IsGenericTypeDefinition then
                yield! Seq.collect parts (kind.GetGenericArguments())
    }

let private constraints (parameters: Type array) =
    parameters
    |> Seq.filter _.IsGenericParameter
    |> Seq.collect _.GetGenericParameterConstraints()

let private ofMember (mention: MemberInfo) : MemberInfo seq =
    seq {
        match mention with
        | :? Type as kind -> yield! Seq.cast (parts kind)
        | _ ->
            mention

            match mention.DeclaringType with
            | null -> ()
            | owner -> yield! Seq.cast (parts owner)

            match mention with
            | :? MethodInfo as method when method.IsGenericMethod ->
                yield! Seq.cast (Seq.collect parts (method.GetGenericArguments()))
            | _ -> ()
    }

let private ofMethod (method: MethodBase) : MemberInfo seq =
    let typeArguments = (nonNull method.DeclaringType).GetGenericArguments()
    let methodArguments = if method.IsGenericMethod then method.GetGenericArguments() else [||]

    seq {
        for parameter in method.GetParameters() do
            yield! ofMember parameter.ParameterType

        match method with
        | :? MethodInfo as info -> yield! ofMember info.ReturnType
        | _ -> ()

        yield! Seq.collect ofMember (constraints methodArguments)

        match method.GetMethodBody() with
        | null -> ()
        | body ->
            for local in body.LocalVariables do
                yield! ofMember local.LocalType

            for clause in body.ExceptionHandlingClauses do
                if clause.Flags = ExceptionHandlingClauseOptions.Clause then
                    yield! ofMember (nonNull clause.CatchType)

            for token in tokens (nonNull (body.GetILAsByteArray())) do
                yield! ofMember (nonNull (method.Module.ResolveMember(token, typeArguments, methodArguments)))
    }

let private ofType (kind: Type) : (string * MemberInfo) seq =
    seq {
        let heading =
            seq {
                match kind.BaseType with
                | null -> ()
                | parent -> parent

                yield! kind.GetInterfaces()
                yield! constraints (kind.GetGenericArguments())
            }

        for mention in Seq.collect ofMember heading do
            kind.Name, mention

        for field in kind.GetFields everything do
            for mention in ofMember field.FieldType do
                field.Name, mention

        let methods =
            Seq.append
                (Seq.cast<MethodBase>(kind.GetMethods everything))
                (Seq.cast<MethodBase>(kind.GetConstructors everything))

        for method in methods do
            for mention in ofMethod method do
                method.Name, mention
    }

/// Everything that the types of an assembly mention, themselves included.
let ofAssembly (assembly: Assembly) : Mention seq =
    seq {
        for kind in assembly.GetTypes() do
            for where, mention in ofType kind do
                { By = outermost kind; Where = where; Of = mention }
    }

/// The type that is mentioned, or that owns the mentioned member.
let targetType (info: MemberInfo) =
    match info with
    | :? Type as kind -> Some kind
    | other -> Option.ofObj other.DeclaringType
